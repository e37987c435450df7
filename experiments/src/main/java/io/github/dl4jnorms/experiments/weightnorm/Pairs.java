package io.github.dl4jnorms.experiments.weightnorm;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pairs of inputs, a pair in each row: the first half near, at distances from {@link #NEAREST} to 0.1, evenly by their
 * logarithms; the second half far, two independent inputs.
 */
record Pairs(INDArray x, INDArray y) {
    static final double NEAREST = 1e-6;

    /** The standard deviation of each feature, about that of the data that the networks are trained on. */
    static final double SPREAD = 2;

    static Pairs random(int count, int features, long seed) {
        Random random = new Random(seed);
        INDArray x = Samples.gaussian(random, count, features).mul(SPREAD);
        int near = count / 2;
        double[] distances =
                random.doubles(near, -6, -1).map(power -> Math.pow(10, power)).toArray();
        INDArray steps = Samples.directions(random, near, features)
                .mulColumnVector(Nd4j.createFromArray(distances).reshape(near, 1));
        INDArray y = Samples.gaussian(random, count, features).mul(SPREAD);
        for (int i = 0; i < near; i++) {
            y.putRow(i, x.getRow(i).add(steps.getRow(i)));
        }
        return new Pairs(x, y);
    }

    int size() {
        return x.rows();
    }

    boolean near(int pair) {
        return pair < size() / 2;
    }

    double[] distances() {
        return x.sub(y).norm2(1).toDoubleVector();
    }

    /** Of each pair {@code ‖f(x) − f(y)‖ / ‖x − y‖}. */
    double[] ratios(Mlp f) {
        INDArray outputs = f.output(x).dup().subi(f.output(y)).norm2(1);
        return outputs.div(x.sub(y).norm2(1)).toDoubleVector();
    }
}
