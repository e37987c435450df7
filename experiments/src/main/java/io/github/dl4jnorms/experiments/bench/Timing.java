package io.github.dl4jnorms.experiments.bench;

import java.util.Arrays;

/**
 * How long a peer's steps took.
 *
 * @param peer         the network's name
 * @param parameters   its number of parameters, buffers included
 * @param loss         its loss in the last step
 * @param milliseconds of each step, in the order they were made
 */
record Timing(String peer, long parameters, double loss, double[] milliseconds) {

    double median() {
        return quantile(0.5);
    }

    double q1() {
        return quantile(0.25);
    }

    double q3() {
        return quantile(0.75);
    }

    int steps() {
        return milliseconds.length;
    }

    /** Linear between the sorted values, NumPy's and R's default: 0 is the smallest, 1 the largest. */
    double quantile(double p) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        double position = p * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
