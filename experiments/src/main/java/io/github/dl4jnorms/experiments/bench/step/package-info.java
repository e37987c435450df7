/** The time of a whole training step, of our networks beside those of others, which take turns. */
package io.github.dl4jnorms.experiments.bench.step;
