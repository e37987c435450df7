package io.github.dl4jnorms.experiments.bench.step;

/**
 * How fast one of our networks is meant to be.
 *
 * @param ours  name of a peer
 * @param other name of the peer that it is compared with
 * @param title whose that one is
 * @param ratio of the times, at most
 */
record Limit(String ours, String other, String title, double ratio) {}
