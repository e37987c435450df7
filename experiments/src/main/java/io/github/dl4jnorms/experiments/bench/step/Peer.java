package io.github.dl4jnorms.experiments.bench.step;

import java.util.function.Supplier;

/**
 * A network that is measured beside others.
 *
 * @param name        in tables and files
 * @param description what it is, for the report
 * @param trainee     builds it; throws a {@link io.github.dl4jnorms.experiments.bench.process.PeerException} where it cannot be had
 */
record Peer(String name, String description, Supplier<Trainee> trainee) {}
