package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * All test points passed in training mode, some times, each time in other batches of one size.
 *
 * @param flipped    for each point, the share of its passes that answer another class than evaluation mode does
 * @param accuracies of each pass over all points
 */
record TestPasses(int batchSize, double[] flipped, double[] accuracies) {
    /** Who shares a batch. */
    enum Order {
        /** Anybody. */
        MIXED,
        /** Points of one class, as from a data set that lies sorted. */
        SORTED
    }

    /**
     * @param labels    the points' classes
     * @param evaluated what evaluation mode takes for them
     */
    static TestPasses run(
            Companions companions,
            int[] labels,
            int[] evaluated,
            int batchSize,
            Order order,
            BatchnormSettings settings,
            Progress bar) {
        Random random = new Random(settings.seed() + batchSize);
        double[] flips = new double[labels.length];
        double[] accuracies = new double[settings.testPasses()];
        for (int pass = 0; pass < settings.testPasses(); pass++) {
            int[] points = shuffled(labels, order, random);
            int right = 0;
            for (int from = 0; from < points.length; from += batchSize) {
                int[] batch = Arrays.copyOfRange(points, from, from + batchSize);
                float[][] outputs = companions.output(batch, true);
                for (int i = 0; i < batch.length; i++) {
                    int answer = Companions.argMax(outputs[i]);
                    flips[batch[i]] += answer == evaluated[batch[i]] ? 0 : 1;
                    right += answer == labels[batch[i]] ? 1 : 0;
                }
            }
            accuracies[pass] = (double) right / points.length;
            bar.step(points.length / batchSize);
        }
        double[] shares =
                DoubleStream.of(flips).map(f -> f / settings.testPasses()).toArray();
        return new TestPasses(batchSize, shares, accuracies);
    }

    /** The points in random order; sorted, the classes one after another, each in random order. */
    static int[] shuffled(int[] labels, Order order, Random random) {
        List<Integer> points =
                new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
        Collections.shuffle(points, random);
        if (order == Order.SORTED) {
            points.sort((a, b) -> Integer.compare(labels[a], labels[b]));
        }
        return points.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The share of all passes of all points that answer another class than evaluation mode does. */
    double flips() {
        return DoubleStream.of(flipped).average().orElseThrow();
    }

    double accuracy() {
        return DoubleStream.of(accuracies).average().orElseThrow();
    }
}
