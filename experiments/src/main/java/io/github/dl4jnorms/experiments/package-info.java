/** The laboratory behind {@code ./norms}: one package for each experiment, and what they share. */
package io.github.dl4jnorms.experiments;
