package io.github.dl4jnorms.experiments.dit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What the trained transformer draws, and how a classifier that was trained on the data judges it.
 *
 * @param losses     of each training step, before it
 * @param parameters of the transformer
 * @param real       held-out images, judged in the same way
 * @param drawn      at each strength of guidance
 */
record Drawing(
        @JsonProperty("losses") double[] losses,
        @JsonProperty("parameters") long parameters,
        @JsonProperty("real") Judgement real,
        @JsonProperty("drawn") List<Judgement> drawn) {

    /**
     * What the classifier says of images.
     *
     * @param guidance  that they were drawn with; NaN for real ones
     * @param accuracy  of each class: the share of images that were to be of it and that the classifier takes for it
     * @param diversity of each class: the mean distance of two of its images as a share of that of two training images
     * @param frechet   the distance from the training images, in what the classifier's last layer sees
     */
    record Judgement(
            @JsonProperty("guidance") double guidance,
            @JsonProperty("accuracy") double[] accuracy,
            @JsonProperty("diversity") double[] diversity,
            @JsonProperty("frechet") double frechet) {
        double meanAccuracy() {
            return DoubleStream.of(accuracy).average().orElseThrow();
        }

        double meanDiversity() {
            return DoubleStream.of(diversity).average().orElseThrow();
        }
    }

    /** The judgement of a strength of guidance. */
    Judgement at(double guidance) {
        return drawn.stream().filter(j -> j.guidance() == guidance).findFirst().orElseThrow();
    }

    /** A classifier and the training images as it sees them. */
    static final class Judge {
        /** Training images of each class that distances are taken to. */
        private static final int REFERENCE = 64;

        private final Classifier classifier;
        private final int classes;
        private final double[] spread;
        private final double[][] features;

        Judge(Classifier classifier, ImageSet images) {
            this.classifier = classifier;
            classes = images.classes();
            spread = new double[classes];
            INDArray[] reference = new INDArray[classes];
            for (int label = 0; label < classes; label++) {
                int[] all = images.train().of(label);
                reference[label] = images.train().array(Arrays.copyOf(all, Math.min(REFERENCE, all.length)));
                spread[label] = meanDistance(reference[label]);
            }
            features = classifier.features(Nd4j.concat(0, reference));
        }

        /** @param images as many of each class, class by class */
        Judgement judge(double guidance, INDArray images) {
            int each = (int) images.size(0) / classes;
            int[] said = classifier.classify(images);
            double[] accuracy = new double[classes];
            double[] diversity = new double[classes];
            for (int label = 0; label < classes; label++) {
                int own = label;
                IntStream answers = Arrays.stream(said, label * each, (label + 1) * each);
                accuracy[label] =
                        (double) answers.filter(answer -> answer == own).count() / each;
                INDArray drawn = images.get(NDArrayIndex.interval(label * each, (label + 1) * each));
                diversity[label] = meanDistance(drawn) / spread[label];
            }
            return new Judgement(
                    guidance, accuracy, diversity, Frechet.distance(classifier.features(images), features));
        }
    }

    /** Of all pairs of different images, the mean of the root mean square difference of their pixels. */
    static double meanDistance(INDArray images) {
        int n = (int) images.size(0);
        float[] values = images.dup('c').data().asFloat();
        int pixels = values.length / n;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double square = 0;
                for (int k = 0; k < pixels; k++) {
                    double difference = values[i * pixels + k] - values[j * pixels + k];
                    square += difference * difference;
                }
                sum += Math.sqrt(square / pixels);
            }
        }
        return n < 2 ? 0 : sum / (n * (n - 1) / 2.0);
    }

    /** Noise to start from, and the classes that are asked for: as many of each, class by class. */
    record Order(INDArray noise, int[] labels) {
        static Order of(ImageSet images, int each, long seed) {
            int[] labels = IntStream.range(0, images.classes() * each)
                    .map(i -> i / each)
                    .toArray();
            SplittableRandom random = Streams.of(seed, 2);
            int count = labels.length * ImageSet.CHANNELS * images.size() * images.size();
            INDArray noise = Nd4j.create(
                    Streams.gaussian(random, count),
                    new long[] {labels.length, ImageSet.CHANNELS, images.size(), images.size()},
                    'c');
            return new Order(noise, labels);
        }
    }

    /** The same noise at each strength of guidance. */
    static List<INDArray> draw(Flow flow, Order order, int steps, IntConsumer done) {
        List<INDArray> drawn = new ArrayList<>();
        for (double guidance : DitSettings.GUIDANCES) {
            drawn.add(flow.draw(order.noise(), order.labels(), guidance, steps, done));
        }
        return drawn;
    }
}
