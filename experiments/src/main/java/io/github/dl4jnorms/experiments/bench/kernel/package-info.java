/**
 * The norms' kernels beside their peers: {@link io.github.dl4jnorms.experiments.bench.kernel.NormBenchmark} is the JMH class,
 * and {@link io.github.dl4jnorms.experiments.bench.kernel.KernelRounds} lets the peers, each in a process of its own, take
 * turns at it.
 */
package io.github.dl4jnorms.experiments.bench.kernel;
