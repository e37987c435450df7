package io.github.dl4jnorms.experiments.batchnorm;

import java.util.List;

/**
 * What is trained and how often it is asked.
 *
 * @param train      points to train on
 * @param test       points to test on, a multiple of 3 classes × the largest batch, so that batches of one class fill up
 * @param epochs     passes over the training points
 * @param batchSize  of the training
 * @param hidden     units of each of the two hidden layers
 * @param noise      of the spirals
 * @param passes     of one fixed example at each batch size
 * @param testPasses of all test points at each batch size
 * @param batchSizes at which the trained network is asked in training mode
 * @param seed       of points, weights, order and companions
 */
record BatchnormSettings(
        int train,
        int test,
        int epochs,
        int batchSize,
        int hidden,
        double noise,
        int passes,
        int testPasses,
        List<Integer> batchSizes,
        long seed) {

    static final int CLASSES = 3;

    /** The size at which the map of flipped points is drawn. */
    static final int MAP_BATCH_SIZE = 8;

    private static final List<Integer> BATCH_SIZES = List.of(2, 4, MAP_BATCH_SIZE, 16, 32, 64);

    static BatchnormSettings full(long seed) {
        return new BatchnormSettings(1536, 576, 40, 32, 32, 0.5, 100, 50, BATCH_SIZES, seed);
    }

    static BatchnormSettings quick(long seed) {
        return new BatchnormSettings(768, 192, 20, 32, 32, 0.5, 100, 10, BATCH_SIZES, seed);
    }

    int stepsPerEpoch() {
        return train / batchSize;
    }
}
