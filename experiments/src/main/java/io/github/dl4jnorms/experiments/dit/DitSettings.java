package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import io.github.dl4jnorms.samediff.dit.DiT;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How much is done, and all that the results depend on: runs with equal settings are the same experiment, which is what resuming
 * goes by.
 *
 * @param data            the absolute path of a folder of images by class, or null for made images
 * @param imageSize       side of the images in pixels
 * @param perClass        made images of each class
 * @param pairs           pairs of x and c that the identity is tried on
 * @param wakingSteps     training steps of the lone block
 * @param compared        the transformer that conditionings and norms are compared in
 * @param comparedSteps   training steps of each of these
 * @param comparedBatch   images in a step of theirs
 * @param model           the transformer that learns to draw
 * @param steps           its training steps
 * @param batchSize       images in a step of it and of the lone block
 * @param classifierSteps training steps of the classifier
 * @param samples         images drawn of each class, at each strength of guidance
 * @param samplingSteps   steps from noise to image
 * @param seed            of images, weights, noise and order
 */
record DitSettings(
        @JsonProperty("data") String data,
        @JsonProperty("imageSize") int imageSize,
        @JsonProperty("perClass") int perClass,
        @JsonProperty("pairs") int pairs,
        @JsonProperty("wakingSteps") int wakingSteps,
        @JsonProperty("compared") Size compared,
        @JsonProperty("comparedSteps") int comparedSteps,
        @JsonProperty("comparedBatch") int comparedBatch,
        @JsonProperty("model") Size model,
        @JsonProperty("steps") int steps,
        @JsonProperty("batchSize") int batchSize,
        @JsonProperty("classifierSteps") int classifierSteps,
        @JsonProperty("samples") int samples,
        @JsonProperty("samplingSteps") int samplingSteps,
        @JsonProperty("seed") long seed) {
    static final int STEPS = 1800;
    static final int QUICK_STEPS = 40;

    /** Strengths of guidance that are tried. */
    static final double[] GUIDANCES = {0, 1, 2, 4, 8};

    /** The one that the grid of samples is drawn with. */
    static final double GUIDANCE = 2;

    /** The share of examples whose class is withheld in training. */
    static final double LABEL_DROPOUT = 0.1;

    /** Flow matching's time, from 0 to 1, in units of the embedding's. */
    private static final double TIME_SCALE = 1000;

    private static final int IMAGE_SIZE = 16;

    /**
     * A transformer's size.
     *
     * @param patch side of a patch in pixels
     * @param dim   numbers of each token
     */
    record Size(
            @JsonProperty("patch") int patch,
            @JsonProperty("dim") int dim,
            @JsonProperty("depth") int depth,
            @JsonProperty("heads") int heads) {

        int tokens(int imageSize) {
            return imageSize / patch * (imageSize / patch);
        }

        DiT.Builder builder(ImageSet images, IUpdater updater, long seed) {
            return DiT.builder()
                    .imageSize(images.size())
                    .channels(ImageSet.CHANNELS)
                    .classes(images.classes())
                    .patch(patch)
                    .dim(dim)
                    .depth(depth)
                    .heads(heads)
                    .timeScale(TIME_SCALE)
                    .conditioning(Conditioning.ADALN_ZERO)
                    .norm(NormSpec.parse("ln"))
                    .updater(updater)
                    .seed(seed);
        }
    }

    static DitSettings full(String data, long seed) {
        return new DitSettings(
                data,
                IMAGE_SIZE,
                400,
                1000,
                100,
                new Size(4, 64, 6, 4),
                120,
                32,
                new Size(2, 64, 4, 4),
                STEPS,
                32,
                400,
                24,
                8,
                seed);
    }

    static DitSettings quick(String data, long seed) {
        return new DitSettings(
                data,
                IMAGE_SIZE,
                64,
                1000,
                100,
                new Size(4, 32, 4, 4),
                20,
                16,
                new Size(4, 64, 3, 4),
                QUICK_STEPS,
                32,
                100,
                8,
                6,
                seed);
    }

    DitSettings withSteps(int number) {
        return new DitSettings(
                data,
                imageSize,
                perClass,
                pairs,
                wakingSteps,
                compared,
                comparedSteps,
                comparedBatch,
                model,
                number,
                batchSize,
                classifierSteps,
                samples,
                samplingSteps,
                seed);
    }
}
