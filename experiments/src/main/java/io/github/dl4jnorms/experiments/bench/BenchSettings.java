package io.github.dl4jnorms.experiments.bench;

/**
 * What is measured.
 *
 * @param imageSize side of the images in pixels, at least {@link #SMALLEST_IMAGE}
 * @param batchSize images in a step
 * @param steps     timed steps of each network
 * @param warmUp    steps of each network before them that are not timed
 * @param classes   classes of the softmax
 * @param seed      of the weights and the images
 */
record BenchSettings(int imageSize, int batchSize, int steps, int warmUp, int classes, long seed) {
    /** The zoo's ResNet50 cannot be built for less. */
    static final int SMALLEST_IMAGE = 96;

    static final int IMAGE_SIZE = 128;
    static final int BATCH_SIZE = 8;
    static final int STEPS = 15;
    static final int QUICK_STEPS = 5;
    static final int WARM_UP = 3;
    static final int CLASSES = 1000;
}
