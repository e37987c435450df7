package io.github.dl4jnorms.experiments.dit;

import java.util.SplittableRandom;

/** Randomness that depends on a seed and on what it is for, not on what was drawn before: what resuming needs. */
final class Streams {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Streams() {}

    static SplittableRandom of(long seed, long... purpose) {
        long mixed = seed;
        for (long part : purpose) {
            mixed = new SplittableRandom(mixed ^ part * GOLDEN).nextLong();
        }
        return new SplittableRandom(mixed);
    }

    static float[] gaussian(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
