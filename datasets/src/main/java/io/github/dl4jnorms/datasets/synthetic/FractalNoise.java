package io.github.dl4jnorms.datasets.synthetic;

import java.util.Random;

/**
 * Smooth noise whose amplitude falls as 1/f, as natural images' does: value noise on a lattice, summed over octaves of half
 * the amplitude and twice the frequency each.
 */
final class FractalNoise {
    private static final int LATTICE = 256;

    private final int octaves;
    private final double[] values = new double[LATTICE];
    private final int[] permutation = new int[LATTICE];

    FractalNoise(int octaves, Random random) {
        this.octaves = octaves;
        for (int i = 0; i < LATTICE; i++) {
            values[i] = 2 * random.nextDouble() - 1;
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
    }

    /** From −1 to 1; features of the first octave are one unit wide. */
    double at(double x, double y) {
        double sum = 0;
        double amplitudes = 0;
        double amplitude = 1;
        for (int octave = 0; octave < octaves; octave++) {
            sum += amplitude * smooth(x + 17.3 * octave, y + 31.7 * octave);
            amplitudes += amplitude;
            amplitude /= 2;
            x *= 2;
            y *= 2;
        }
        return sum / amplitudes;
    }

    private double smooth(double x, double y) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        double u = ease(x - column);
        double v = ease(y - row);
        double above = mix(value(column, row), value(column + 1, row), u);
        double below = mix(value(column, row + 1), value(column + 1, row + 1), u);
        return mix(above, below, v);
    }

    private double value(int column, int row) {
        return values[permutation[(permutation[column & LATTICE - 1] + row) & LATTICE - 1]];
    }

    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }

    private static double mix(double from, double to, double share) {
        return from + share * (to - from);
    }
}
