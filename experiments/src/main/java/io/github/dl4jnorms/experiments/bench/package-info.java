/** {@code ./norms bench}: how long our layers take, beside their peers, in one run on one machine. */
package io.github.dl4jnorms.experiments.bench;
