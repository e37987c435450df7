package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.process.PeerProcess;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A column of the table.
 *
 * @param name    its head
 * @param process starts the process that measures it, or returns the one that another contestant has started
 * @param peer    its name in that process
 * @param java    whether Java computes it, which is slow until it is compiled
 * @param takes   the work that it is asked for; it may still decline
 */
record Contestant(String name, Supplier<PeerProcess> process, String peer, boolean java, Predicate<Work> takes) {}
