package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.report.Samples;

/**
 * How long a peer's steps took.
 *
 * @param peer         who
 * @param parameters   its number of parameters, buffers included
 * @param loss         its loss in the last step
 * @param about        what computed them, where that was another process; else empty
 * @param milliseconds of each step, in the order they were made
 */
record Timing(Peer peer, long parameters, double loss, String about, Samples milliseconds) {
    String name() {
        return peer.name();
    }

    double median() {
        return milliseconds.median();
    }
}
