package io.github.dl4jnorms.datasets.detection;

import io.github.dl4jnorms.datasets.images.BatchIterator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Batches of images with the FCOS targets of their objects.
 *
 * <p>A batch of N images and L levels holds, all float32:
 *
 * <ul>
 *   <li>features: {@code [N, 3, size, size]}, RGB, standardized as {@link Pixels} says;
 *   <li>labels, one array a level: {@code [N, 5 + K, H, W]}, and
 *   <li>label masks, one array a level: {@code [N, 1, H, W]}, both as {@link FcosTargets} says;
 *   <li>a {@link DetectionExample} per image as its metadata.
 * </ul>
 *
 * The last batch of an epoch holds what is left, however little.
 *
 * <p>{@link #reset()} begins the next epoch, in a new order and with new flips that depend on the seed and the number of
 * the epoch only: not on the batch size, nor on how much of the last epoch was read.
 */
public final class DetectionIterator extends BatchIterator {

    private final transient ResizedImages images;
    private final transient FcosTargets targets;
    private final boolean augment;
    private final boolean shuffle;
    private final long seed;

    private int epoch;
    private int position;
    private int[] order;
    private boolean[] horizontalFlips;
    private boolean[] verticalFlips;

    private DetectionIterator(Builder builder) {
        super(builder.batchSize);
        images = builder.images;
        targets = builder.targets == null ? new FcosTargets(images.classNames().size()) : builder.targets;
        augment = builder.augment;
        shuffle = builder.shuffle;
        seed = builder.seed;
        begin(0);
    }

    /** Starts the making of an iterator over these images. */
    public static Builder builder(ResizedImages images) {
        return new Builder(images);
    }

    /** Settings of a {@link DetectionIterator}; the defaults are those of evaluation. */
    public static final class Builder {
        private final ResizedImages images;
        private FcosTargets targets;
        private int batchSize = 1;
        private boolean augment;
        private boolean shuffle;
        private long seed;

        private Builder(ResizedImages images) {
            this.images = images;
        }

        /** Images per batch, at least 1. Default 1. */
        public Builder batchSize(int batchSize) {
            if (batchSize < 1) {
                throw new IllegalArgumentException("batchSize must be at least 1, got " + batchSize);
            }
            this.batchSize = batchSize;
            return this;
        }

        /** The encoding of the targets, for as many classes as the images have. Default: the paper's settings. */
        public Builder targets(FcosTargets targets) {
            int classes = images.classNames().size();
            if (targets.classes() != classes) {
                throw new IllegalArgumentException(
                        "targets must be for " + classes + " classes, got " + targets.classes());
            }
            this.targets = targets;
            return this;
        }

        /** Whether to mirror images at random, each way with probability ½. Default false. */
        public Builder augment(boolean augment) {
            this.augment = augment;
            return this;
        }

        /** Whether each epoch has an order of its own. Default false. */
        public Builder shuffle(boolean shuffle) {
            this.shuffle = shuffle;
            return this;
        }

        /** Seeds order and flips. Default 0. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        public DetectionIterator build() {
            return new DetectionIterator(this);
        }
    }

    /** The number of images of an epoch. */
    public int examples() {
        return images.count();
    }

    /** The number of batches of an epoch, a partial one included. */
    public int batches() {
        return (images.count() + batchSize() - 1) / batchSize();
    }

    private void begin(int number) {
        epoch = number;
        position = 0;
        order = new int[images.count()];
        Arrays.setAll(order, i -> i);
        horizontalFlips = new boolean[order.length];
        verticalFlips = new boolean[order.length];
        Random random = random(seed, epoch);
        if (shuffle) {
            for (int i = order.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
        if (augment) {
            for (int i = 0; i < order.length; i++) {
                horizontalFlips[i] = random.nextBoolean();
                verticalFlips[i] = random.nextBoolean();
            }
        }
    }

    /** Random's own seeds must differ by more than one for its streams to differ much. */
    private static Random random(long seed, int epoch) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < epoch; i++) {
            seeds.nextLong();
        }
        return new Random(seeds.nextLong());
    }

    @Override
    public boolean hasNext() {
        return position < order.length;
    }

    @Override
    protected MultiDataSet batch(int number) {
        int n = Math.min(number, order.length - position);
        int size = images.size();
        int pixels = 3 * size * size;
        float[] features = new float[n * pixels];
        float[][] labels = new float[targets.levels()][];
        float[][] masks = new float[targets.levels()][];
        List<Serializable> examples = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            int index = order[position++];
            ResizedImages.Resized image = images.resized(index);
            Pixels.standardize(
                    image.pixels(), size, horizontalFlips[index], verticalFlips[index], features, i * pixels);
            List<BoxAnnotation> boxes = flipped(image.boxes(), index);
            FcosTargets.Encoded encoded = targets.encode(boxes, images.classNames(), size, size);
            for (int level = 0; level < labels.length; level++) {
                labels[level] = put(encoded.labels()[level], labels[level], i, n);
                masks[level] = put(encoded.weights()[level], masks[level], i, n);
            }
            examples.add(new DetectionExample(images.image(index).id(), size, boxes));
        }
        return new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {array(features, n, 3, size, size)},
                perLevel(labels, n, FcosTargets.BOX_CHANNELS + targets.classes()),
                null,
                perLevel(masks, n, 1),
                examples);
    }

    private List<BoxAnnotation> flipped(List<BoxAnnotation> boxes, int index) {
        return boxes.stream()
                .map(box -> horizontalFlips[index] ? box.flippedHorizontally(images.size()) : box)
                .map(box -> verticalFlips[index] ? box.flippedVertically(images.size()) : box)
                .toList();
    }

    /** Copies one image's array into its place among n; the batch's array is made for the first. */
    private static float[] put(float[] image, float[] batch, int i, int n) {
        float[] into = batch == null ? new float[n * image.length] : batch;
        System.arraycopy(image, 0, into, i * image.length, image.length);
        return into;
    }

    private INDArray[] perLevel(float[][] values, int n, int channels) {
        INDArray[] arrays = new INDArray[values.length];
        for (int level = 0; level < arrays.length; level++) {
            int side = targets.gridSize(level, images.size());
            arrays[level] = array(values[level], n, channels, side, side);
        }
        return arrays;
    }

    /** Begins the next epoch. */
    @Override
    public void reset() {
        begin(epoch + 1);
    }
}
