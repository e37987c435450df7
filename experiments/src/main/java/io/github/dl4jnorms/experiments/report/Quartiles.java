package io.github.dl4jnorms.experiments.report;

import java.util.Arrays;

/**
 * Where the middle of some numbers lies and how far they spread.
 *
 * @param q1     a quarter of them are smaller
 * @param median half of them are smaller
 * @param q3     a quarter of them are larger
 */
public record Quartiles(double q1, double median, double q3) {
    /** Of at least one number, in any order. */
    public static Quartiles of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: takes at least one number, received none");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quartiles(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
    }

    /** Linear between the sorted values, NumPy's and R's default: 0 is the smallest, 1 the largest. */
    private static double quantile(double[] sorted, double p) {
        double position = p * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
