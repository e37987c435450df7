package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Looks for the pair of inputs that a network pulls apart most: gradient ascent on {@code log ‖f(x) − f(y)‖ / ‖x − y‖} by x and
 * y, through the network's input gradients, by Adam, from many pairs at once.
 *
 * @param starts  pairs that it starts from
 * @param largest the largest ratio of any pair so far, at start and after each step
 * @param worst   the pair with the largest ratio
 */
record AdversarialSearch(int starts, double[] largest, Pairs worst) {
    /** Closer pairs are pushed apart, so that the ratio is not made of rounding errors. */
    private static final double NEAREST = 1e-3;

    private static final double RATE = 0.05;
    private static final double FIRST_DISTANCE = 0.5;

    static AdversarialSearch run(Mlp f, int features, int starts, int steps, long seed, Progress progress) {
        Random random = new Random(seed);
        INDArray x = Samples.gaussian(random, starts, features).mul(Pairs.SPREAD);
        INDArray y = x.add(Samples.directions(random, starts, features).mul(FIRST_DISTANCE));
        INDArray both = Nd4j.vstack(x, y);
        GradientUpdater<?> adam = adam(both);
        double[] largest = new double[steps + 1];
        Pairs worst = null;
        double most = 0;
        for (int step = 0; step <= steps; step++) {
            Ascent ascent = Ascent.at(f, both);
            int index = ascent.ratios().argMax().getInt(0);
            if (ascent.ratios().getDouble(index) > most) {
                most = ascent.ratios().getDouble(index);
                worst = new Pairs(
                        both.getRow(index, true).dup(),
                        both.getRow(starts + index, true).dup());
            }
            largest[step] = most;
            INDArray gradient = ascent.gradient().reshape(1, both.length());
            adam.applyUpdater(gradient, step, 0);
            both.addi(gradient.reshape(both.shape()));
            pushApart(both, starts);
            progress.step(1);
        }
        return new AdversarialSearch(starts, largest, worst);
    }

    /** The pairs' ratios and the gradient of their logarithms, x's rows above y's. */
    private record Ascent(INDArray ratios, INDArray gradient) {
        static Ascent at(Mlp f, INDArray both) {
            INDArray outputs = difference(f.output(both));
            INDArray inputs = difference(both);
            INDArray far = outputs.norm2(true, 1);
            INDArray near = inputs.norm2(true, 1);
            INDArray byOutputs = outputs.divColumnVector(far.mul(far));
            INDArray byInputs = inputs.divColumnVector(near.mul(near));
            INDArray gradient = f.inputGradient(both, Nd4j.vstack(byOutputs, byOutputs.neg()))
                    .dup()
                    .subi(Nd4j.vstack(byInputs, byInputs.neg()));
            return new Ascent(far.div(near), gradient);
        }
    }

    private static INDArray difference(INDArray both) {
        int pairs = both.rows() / 2;
        return rows(both, 0, pairs).sub(rows(both, pairs, both.rows()));
    }

    private static INDArray rows(INDArray array, int from, int to) {
        return array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private static void pushApart(INDArray both, int starts) {
        for (int i = 0; i < starts; i++) {
            INDArray x = both.getRow(i);
            INDArray step = both.getRow(starts + i).sub(x);
            double distance = step.norm2Number().doubleValue();
            if (distance < NEAREST) {
                both.putRow(starts + i, x.add(step.mul(NEAREST / distance)));
            }
        }
    }

    private static GradientUpdater<?> adam(INDArray parameters) {
        Adam adam = new Adam(RATE);
        INDArray state = Nd4j.zeros(parameters.dataType(), 1, adam.stateSize(parameters.length()));
        return adam.instantiate(state, true);
    }
}
