/**
 * Checks gradients of DL4J layers, vertices and networks, anybody's, against finite differences: start at {@link
 * io.github.dl4jnorms.gradcheck.GradientCheck}.
 */
package io.github.dl4jnorms.gradcheck;
