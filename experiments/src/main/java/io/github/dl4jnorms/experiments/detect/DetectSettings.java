package io.github.dl4jnorms.experiments.detect;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * All that shapes a run beside its norm and its batch size. Two runs with equal settings, norm and batch size are the
 * same experiment, which is what resuming goes by.
 *
 * @param data             the absolute path of a Pascal VOC folder, or null for made images
 * @param trainImages      made training images; the limit of a folder's, 0 for all
 * @param valImages        the same for validation
 * @param imageSize        side of the network's input in pixels
 * @param epochs           passes over the training images
 * @param learningRate     at batch size {@link DetectDefaults#REFERENCE_BATCH}
 * @param channels         of the FPN and the head
 * @param headConvolutions in each tower of the head
 * @param seed             of images, weights, order and augmentation
 */
record DetectSettings(
        @JsonProperty("data") String data,
        @JsonProperty("trainImages") int trainImages,
        @JsonProperty("valImages") int valImages,
        @JsonProperty("imageSize") int imageSize,
        @JsonProperty("epochs") int epochs,
        @JsonProperty("learningRate") double learningRate,
        @JsonProperty("channels") int channels,
        @JsonProperty("headConvolutions") int headConvolutions,
        @JsonProperty("seed") long seed) {

    boolean madeImages() {
        return data == null;
    }
}
