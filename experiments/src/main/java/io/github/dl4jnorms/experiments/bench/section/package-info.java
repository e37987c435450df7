/** What the parts of {@code ./norms bench} have in common. */
package io.github.dl4jnorms.experiments.bench.section;
