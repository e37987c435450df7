package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Text;
import io.github.dl4jnorms.weight.SpectralNorm;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * An MLP of 4 layers learns to tell 4 clusters apart, on PyTorch's data from PyTorch's start.
 *
 * @param mlp           the trained network
 * @param loss          of each step, before it
 * @param sigma         by step and layer the largest singular value of the effective weight in evaluation mode; at start, then
 *     after each step
 * @param sigmaTraining the same of the weight that the next step of training would compute with
 */
record SpectralTraining(Mlp mlp, double[] loss, double[][] sigma, double[][] sigmaTraining) {
    static final int LAYERS = 4;
    static final Activation HIDDEN = Activation.RELU;

    /** PyTorch and DL4J add Adam's ε in different places: as good as none. */
    private static final double ADAM_EPSILON = 1e-30;

    /** The network at its start. */
    static Mlp start(TorchFixture torch, Form form) {
        int[] widths = IntStream.concat(
                        IntStream.of(torch.get("W0").columns()),
                        IntStream.range(0, LAYERS).map(i -> torch.get("W" + i).rows()))
                .toArray();
        Adam adam = Adam.builder()
                .learningRate(torch.number("rate"))
                .epsilon(ADAM_EPSILON)
                .build();
        Mlp mlp = new Mlp(form.parametrization(), HIDDEN, adam, 0, widths);
        for (int i = 0; i < LAYERS; i++) {
            mlp.parameter(i, "W").assign(torch.get("W" + i));
            mlp.parameter(i, "b").assign(torch.get("b" + i));
            if (form.spectral()) {
                mlp.parameter(i, SpectralNorm.left("W")).assign(torch.get("u" + i));
                mlp.parameter(i, SpectralNorm.right("W")).assign(torch.get("v" + i));
            }
        }
        return mlp;
    }

    static SpectralTraining run(TorchFixture torch, Form form, int steps, Progress progress) {
        INDArray x = torch.get("x");
        INDArray labels = torch.get("labels");
        int batch = (int) torch.number("batch");
        Mlp mlp = start(torch, form);
        ILossFunction crossEntropy = new LossMCXENT();
        double[] loss = new double[steps];
        double[][] sigma = new double[steps + 1][];
        double[][] sigmaTraining = new double[steps + 1][];
        sigma[0] = mlp.spectralNorms(false);
        sigmaTraining[0] = mlp.spectralNorms(true);
        for (int step = 0; step < steps; step++) {
            int from = step * batch % x.rows();
            INDArray y = mlp.forward(rows(x, from, batch));
            INDArray expected = rows(labels, from, batch);
            loss[step] = crossEntropy.computeScore(expected, y.dup(), new ActivationSoftmax(), null, true);
            mlp.backward(crossEntropy
                    .computeGradient(expected, y.dup(), new ActivationSoftmax(), null)
                    .div(batch));
            mlp.update();
            sigma[step + 1] = mlp.spectralNorms(false);
            sigmaTraining[step + 1] = mlp.spectralNorms(true);
            progress.step(1);
        }
        progress.line(Text.text(
                "%s: largest singular value of any layer after any step %.6f", form, largest(sigma, sigmaTraining)));
        return new SpectralTraining(mlp, loss, sigma, sigmaTraining);
    }

    /** In either mode, after any step, at start included. */
    double largest() {
        return largest(sigma, sigmaTraining);
    }

    /** See {@link #largest()}. */
    double smallest() {
        return Stream.of(sigma, sigmaTraining)
                .flatMap(Stream::of)
                .flatMapToDouble(Arrays::stream)
                .min()
                .orElseThrow();
    }

    /** How many of the singular values, in evaluation mode after a step, are above a bound. */
    long above(double bound) {
        return Stream.of(sigma)
                .skip(1)
                .flatMapToDouble(Arrays::stream)
                .filter(s -> s > bound)
                .count();
    }

    private static double largest(double[][]... sigmas) {
        return Stream.of(sigmas)
                .flatMap(Stream::of)
                .flatMapToDouble(Arrays::stream)
                .max()
                .orElseThrow();
    }

    private static INDArray rows(INDArray array, int from, int count) {
        return array.get(NDArrayIndex.interval(from, from + count), NDArrayIndex.all())
                .dup('c');
    }
}
