package io.github.dl4jnorms.experiments.bench;

import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that is measured beside others.
 *
 * @param name        in tables and files
 * @param description what it is, for the report
 * @param network     builds it
 */
record Peer(String name, String description, Supplier<ComputationGraph> network) {}
