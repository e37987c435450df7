package io.github.dl4jnorms.experiments.weightnorm;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Eight Gaussians on a circle in the plane, the usual test of whether a GAN forgets modes. */
final class Mixture {
    static final int MODES = 8;
    static final double RADIUS = 4;
    static final double DEVIATION = 0.2;

    /** A sample is good within this many standard deviations of a mode. */
    static final double GOOD = 4;

    /** The share of all samples from which on a mode is covered. */
    static final double COVERED = 0.01;

    private Mixture() {}

    /** What a generator makes of the mixture. */
    record Coverage(int modes, double goodShare) {}

    static double centreX(int mode) {
        return RADIUS * Math.cos(2 * Math.PI * mode / MODES);
    }

    static double centreY(int mode) {
        return RADIUS * Math.sin(2 * Math.PI * mode / MODES);
    }

    static INDArray sample(Random random, int count) {
        double[][] points = new double[count][];
        for (int i = 0; i < count; i++) {
            int mode = random.nextInt(MODES);
            points[i] = new double[] {
                centreX(mode) + DEVIATION * random.nextGaussian(), centreY(mode) + DEVIATION * random.nextGaussian()
            };
        }
        return Nd4j.createFromArray(points);
    }

    static Coverage coverage(double[][] points) {
        int[] good = new int[MODES];
        int all = 0;
        for (double[] point : points) {
            int mode = nearest(point);
            if (Math.hypot(point[0] - centreX(mode), point[1] - centreY(mode)) < GOOD * DEVIATION) {
                good[mode]++;
                all++;
            }
        }
        int covered = 0;
        for (int count : good) {
            covered += count >= COVERED * points.length ? 1 : 0;
        }
        return new Coverage(covered, (double) all / points.length);
    }

    private static int nearest(double[] point) {
        double turns = Math.atan2(point[1], point[0]) / (2 * Math.PI);
        return Math.floorMod(Math.round(turns * MODES), MODES);
    }
}
