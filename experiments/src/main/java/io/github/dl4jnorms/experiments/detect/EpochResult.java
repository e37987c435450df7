package io.github.dl4jnorms.experiments.detect;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What an epoch of a run came to.
 *
 * @param epoch     from 1
 * @param trainLoss mean over the epoch's training images, each with the weights of its own step; NaN once diverged
 * @param valLoss   mean over the validation images after the epoch, in evaluation mode; NaN once diverged
 * @param map50     mean average precision at IoU 0.5 over the validation images; NaN once diverged
 * @param seconds   wall time of the epoch's training steps, reading of images included, evaluation not
 */
record EpochResult(
        @JsonProperty("epoch") int epoch,
        @JsonProperty("trainLoss") double trainLoss,
        @JsonProperty("valLoss") double valLoss,
        @JsonProperty("map50") double map50,
        @JsonProperty("seconds") double seconds) {

    /** An epoch that a diverged run did not finish or begin. */
    static EpochResult diverged(int epoch, double seconds) {
        return new EpochResult(epoch, Double.NaN, Double.NaN, Double.NaN, seconds);
    }
}
