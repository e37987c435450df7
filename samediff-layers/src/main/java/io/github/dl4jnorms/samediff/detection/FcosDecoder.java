package io.github.dl4jnorms.samediff.detection;

import static io.github.dl4jnorms.samediff.detection.Logistic.sigmoid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns what an FCOS head predicts into detections, as in the paper (Tian et al. 2019,
 * <a href="https://arxiv.org/abs/1904.01355">arXiv 1904.01355</a>) and its authors' code. Per image:
 *
 * <ol>
 *   <li>every class of every location whose probability {@code sigmoid(class logit)} is greater than the score
 *       threshold is a candidate: the threshold looks at the class alone, before the centerness lowers the score;
 *   <li>its score is {@code sqrt(sigmoid(class logit) * sigmoid(centerness logit))};
 *   <li>the {@code topK} best candidates of each level go on;
 *   <li>their boxes are clipped to the image, and {@link NonMaxSuppression} keeps the best of those that overlap;
 *   <li>the {@code maxDetections} best remain.
 * </ol>
 *
 * A location with a prediction that is not finite, or whose box is empty after clipping, is dropped. Immutable.
 */
public final class FcosDecoder {

    private final int[] strides;
    private final double scoreThreshold;
    private final int topK;
    private final double nmsThreshold;
    private final int maxDetections;

    /** With the defaults of the {@link Builder}. */
    public FcosDecoder() {
        this(new Builder());
    }

    private FcosDecoder(Builder builder) {
        strides = builder.strides.clone();
        scoreThreshold = builder.scoreThreshold;
        topK = builder.topK;
        nmsThreshold = builder.nmsThreshold;
        maxDetections = builder.maxDetections;
    }

    /**
     * @param levels      the predictions of each pyramid level, finest first: {@code [N, 5 + K, H, W]} with the channels
     *                    of {@link FcosChannels}, in any order, view or floating point type; as many as strides
     * @param imageWidth  in pixels, to which boxes are clipped
     * @param imageHeight in pixels
     * @return the detections of each of the N images, highest score first
     */
    public List<List<Detection>> decode(INDArray[] levels, int imageWidth, int imageHeight) {
        check(levels, imageWidth, imageHeight);
        List<List<Detection>> candidates = new ArrayList<>();
        for (int image = 0; image < levels[0].size(0); image++) {
            candidates.add(new ArrayList<>());
        }
        for (int l = 0; l < levels.length; l++) {
            Level level = new Level(levels[l], strides[l]);
            for (int image = 0; image < candidates.size(); image++) {
                candidates.get(image).addAll(best(level, image, imageWidth, imageHeight));
            }
        }
        return candidates.stream()
                .map(ofImage -> NonMaxSuppression.apply(ofImage, nmsThreshold, maxDetections))
                .toList();
    }

    private List<Detection> best(Level level, int image, int imageWidth, int imageHeight) {
        List<Detection> candidates = new ArrayList<>();
        for (int cell = 0; cell < level.cells(); cell++) {
            addCandidates(level, image, cell, imageWidth, imageHeight, candidates);
        }
        return candidates.stream()
                .sorted(NonMaxSuppression.BEST_FIRST)
                .limit(topK)
                .toList();
    }

    private void addCandidates(Level level, int image, int cell, int imageWidth, int imageHeight, List<Detection> to) {
        if (!level.isFinite(image, cell)) {
            return;
        }
        Box box = null;
        double centerness = sigmoid(level.get(image, FcosChannels.CENTERNESS, cell));
        for (int channel = FcosChannels.FIRST_CLASS; channel < level.channels; channel++) {
            double probability = sigmoid(level.get(image, channel, cell));
            if (probability > scoreThreshold) {
                if (box == null) {
                    box = level.box(image, cell, imageWidth, imageHeight);
                }
                if (box == null) {
                    return;
                }
                float score = (float) Math.sqrt(probability * centerness);
                to.add(new Detection(box, channel - FcosChannels.FIRST_CLASS, score));
            }
        }
    }

    private void check(INDArray[] levels, int imageWidth, int imageHeight) {
        if (levels.length != strides.length) {
            throw new IllegalArgumentException(
                    "levels: got " + levels.length + ", takes one for each of the strides " + Arrays.toString(strides));
        }
        if (imageWidth < 1 || imageHeight < 1) {
            throw new IllegalArgumentException(
                    "imageWidth, imageHeight: got " + imageWidth + ", " + imageHeight + ", takes pixels, 1 or more");
        }
        for (int l = 0; l < levels.length; l++) {
            INDArray level = levels[l];
            if (level.rank() != 4
                    || level.size(1) < FcosChannels.count(1)
                    || !level.dataType().isFPType()) {
                throw new IllegalArgumentException("levels[" + l + "]: got " + level.dataType() + " "
                        + Arrays.toString(level.shape())
                        + ", takes floating point [images, 5 + classes, height, width]");
            }
            if (level.size(0) != levels[0].size(0) || level.size(1) != levels[0].size(1)) {
                throw new IllegalArgumentException("levels[" + l + "]: got shape " + Arrays.toString(level.shape())
                        + ", takes the images and channels of levels[0], " + Arrays.toString(levels[0].shape()));
            }
        }
    }

    /** One level's predictions as a plain array, {@code [image][channel][cell]}. */
    private static final class Level {

        final int channels;
        private final int height;
        private final int width;
        private final int stride;
        private final float[] values;

        Level(INDArray predictions, int stride) {
            channels = (int) predictions.size(1);
            height = (int) predictions.size(2);
            width = (int) predictions.size(3);
            this.stride = stride;
            values = predictions.dup('c').data().asFloat();
        }

        int cells() {
            return height * width;
        }

        float get(int image, int channel, int cell) {
            return values[(image * channels + channel) * cells() + cell];
        }

        boolean isFinite(int image, int cell) {
            for (int channel = 0; channel < channels; channel++) {
                if (!Float.isFinite(get(image, channel, cell))) {
                    return false;
                }
            }
            return true;
        }

        /** The cell's box clipped to the image, null if nothing is left of it. */
        Box box(int image, int cell, int imageWidth, int imageHeight) {
            double x = (cell % width + 0.5) * stride;
            double y = (cell / width + 0.5) * stride;
            float x1 = clamp(x - stride * (double) get(image, FcosChannels.LEFT, cell), imageWidth);
            float y1 = clamp(y - stride * (double) get(image, FcosChannels.TOP, cell), imageHeight);
            float x2 = clamp(x + stride * (double) get(image, FcosChannels.RIGHT, cell), imageWidth);
            float y2 = clamp(y + stride * (double) get(image, FcosChannels.BOTTOM, cell), imageHeight);
            return x1 < x2 && y1 < y2 ? new Box(x1, y1, x2, y2) : null;
        }

        private static float clamp(double value, int max) {
            return (float) Math.max(0, Math.min(value, max));
        }
    }

    /** Builds a decoder; every default is the FCOS authors'. */
    public static final class Builder {

        private int[] strides = {8, 16, 32, 64, 128};
        private double scoreThreshold = 0.05;
        private int topK = 1000;
        private double nmsThreshold = 0.6;
        private int maxDetections = 100;

        /** Pixels between neighbouring locations of each level. Default 8, 16, 32, 64, 128. */
        public Builder strides(int... strides) {
            if (strides.length == 0 || Arrays.stream(strides).anyMatch(stride -> stride < 1)) {
                throw new IllegalArgumentException(
                        "strides: got " + Arrays.toString(strides) + ", takes at least one, each 1 or more");
            }
            this.strides = strides.clone();
            return this;
        }

        /** The class probability that a candidate must exceed, from 0 to 1. Default 0.05. */
        public Builder scoreThreshold(double scoreThreshold) {
            this.scoreThreshold = fraction("scoreThreshold", scoreThreshold);
            return this;
        }

        /** The most candidates of each level and image. Default 1000. */
        public Builder topK(int topK) {
            this.topK = positive("topK", topK);
            return this;
        }

        /** The IoU above which the lower of two detections of a class is dropped, from 0 to 1. Default 0.6. */
        public Builder nmsThreshold(double nmsThreshold) {
            this.nmsThreshold = fraction("nmsThreshold", nmsThreshold);
            return this;
        }

        /** The most detections of an image. Default 100. */
        public Builder maxDetections(int maxDetections) {
            this.maxDetections = positive("maxDetections", maxDetections);
            return this;
        }

        public FcosDecoder build() {
            return new FcosDecoder(this);
        }

        private static double fraction(String name, double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(name + ": got " + value + ", takes a number from 0 to 1");
            }
            return value;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": got " + value + ", takes 1 or more");
            }
            return value;
        }
    }
}
