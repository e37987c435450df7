package io.github.dl4jnorms.experiments.adain;

import io.github.dl4jnorms.experiments.schedule.CosineDecay;
import io.github.dl4jnorms.experiments.schedule.LinearWarmup;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a decoder's training depends on, but for the norm.
 *
 * @param encoder      a file of VGG-19's weights and what tells it from another of its name; null for random weights of the seed
 * @param contents     a folder of pictures; null for made ones
 * @param styles       a folder of pictures; null for made ones
 * @param pictures     how many pictures of each kind are made
 * @param size         the side of the crops in pixels, a multiple of 8, at least 16
 * @param batch        pairs of a content and a style for each step
 * @param steps        steps of Adam
 * @param learningRate at its highest, after a warm-up of 100 steps; it falls to 0 along a cosine
 * @param seed         of random weights, made pictures, crops
 */
record TrainingPlan(
        @JsonProperty("encoder") String encoder,
        @JsonProperty("contents") String contents,
        @JsonProperty("styles") String styles,
        @JsonProperty("pictures") int pictures,
        @JsonProperty("size") int size,
        @JsonProperty("batch") int batch,
        @JsonProperty("steps") int steps,
        @JsonProperty("learningRate") double learningRate,
        @JsonProperty("seed") long seed) {

    static final int LEAST_SIZE = 16;
    static final int SIZE_STEP = 8;
    static final double LEARNING_RATE = 1e-4;

    private static final int WARM_UP = 100;
    private static final int POINTS = 12;

    ISchedule schedule() {
        return new LinearWarmup(Math.max(1, Math.min(WARM_UP, steps / 4)), new CosineDecay(learningRate, steps));
    }

    /** Steps between two points of the loss curves. */
    int interval() {
        return Math.max(1, steps / POINTS);
    }
}
