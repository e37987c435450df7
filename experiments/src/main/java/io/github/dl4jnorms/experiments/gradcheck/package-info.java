/**
 * {@code ./norms gradcheck}: the gradients of every layer against finite differences. A new layer takes a line in {@link
 * io.github.dl4jnorms.experiments.gradcheck.Catalogue}.
 */
package io.github.dl4jnorms.experiments.gradcheck;
