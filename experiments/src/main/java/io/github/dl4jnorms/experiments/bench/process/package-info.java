/** The processes that peers are measured in, which wait until it is their turn. */
package io.github.dl4jnorms.experiments.bench.process;
