package io.github.dl4jnorms.experiments.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Measured values of one thing.
 *
 * @param values in the order they were measured, at least one
 */
public record Samples(double... values) {
    public double median() {
        return quantile(0.5);
    }

    public double q1() {
        return quantile(0.25);
    }

    public double q3() {
        return quantile(0.75);
    }

    /** These and then those. */
    public Samples and(Samples others) {
        return new Samples(DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(others.values))
                .toArray());
    }

    public int count() {
        return values.length;
    }

    /** Linear between the sorted values, NumPy's and R's default: 0 is the smallest, 1 the largest. */
    public double quantile(double p) {
        double[] sorted = sorted();
        double position = p * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    public double[] sorted() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
