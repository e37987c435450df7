package io.github.dl4jnorms.experiments.weightnorm;

import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How far a function of the plane moves when its input is perturbed: {@code |f(x + δ) − f(x)| / ‖δ‖} over many x.
 *
 * @param radii    the perturbations' lengths
 * @param random   the largest ratio at each radius, δ in random directions
 * @param steepest the largest ratio at each radius, δ along the gradient at x
 */
record Perturbations(double[] radii, double[] random, double[] steepest) {
    private static final double SMALLEST = 1e-3;
    private static final int PER_DECADE = 2;
    private static final int RADII = 9;

    static Perturbations of(Mlp f, int inputs, long seed) {
        Random random = new Random(seed);
        INDArray x = Mixture.sample(random, inputs);
        INDArray gradients =
                f.inputGradient(x, Nd4j.ones(x.dataType(), inputs, 1)).dup();
        INDArray steepest = gradients.divColumnVector(gradients.norm2(true, 1).addi(Double.MIN_NORMAL));
        double[] radii = IntStream.range(0, RADII)
                .mapToDouble(i -> SMALLEST * Math.pow(10, (double) i / PER_DECADE))
                .toArray();
        double[] alongRandom = new double[RADII];
        double[] alongGradient = new double[RADII];
        for (int i = 0; i < RADII; i++) {
            alongRandom[i] = largest(f, x, Samples.directions(random, inputs, 2), radii[i]);
            alongGradient[i] = largest(f, x, steepest, radii[i]);
        }
        return new Perturbations(radii, alongRandom, alongGradient);
    }

    private static double largest(Mlp f, INDArray x, INDArray directions, double radius) {
        INDArray before = f.output(x).dup();
        return f.output(x.add(directions.mul(radius))).sub(before).amaxNumber().doubleValue() / radius;
    }

    double most() {
        return IntStream.range(0, radii.length)
                .mapToDouble(i -> Math.max(random[i], steepest[i]))
                .max()
                .orElseThrow();
    }
}
