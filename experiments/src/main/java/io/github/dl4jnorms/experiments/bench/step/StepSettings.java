package io.github.dl4jnorms.experiments.bench.step;

import java.util.List;
import java.util.Optional;

/**
 * What is measured.
 *
 * @param imageSize side of the images in pixels, at least {@link #SMALLEST_IMAGE}
 * @param batchSize examples in a step
 * @param steps     timed steps of each network
 * @param warmUp    steps of each network before them that are not timed
 * @param classes   classes of the softmax
 * @param threads   that everybody computes with
 * @param djl       the class path of the DJL peer, where it was built
 * @param seed      of the weights and the images
 */
public record StepSettings(
        int imageSize,
        int batchSize,
        int steps,
        int warmUp,
        int classes,
        int threads,
        Optional<List<String>> djl,
        long seed) {
    /** The zoo's ResNet50 cannot be built for less. */
    public static final int SMALLEST_IMAGE = 96;

    /** The detector takes a multiple. */
    public static final int MULTIPLE = 32;

    public static final int IMAGE_SIZE = 128;
    public static final int BATCH_SIZE = 8;
    public static final int STEPS = 15;
    public static final int QUICK_STEPS = 3;
    public static final int QUICK_BATCH_SIZE = 2;
    public static final int WARM_UP = 3;
    public static final int CLASSES = 1000;

    String images() {
        return "images of %d×%d pixels".formatted(imageSize, imageSize);
    }
}
