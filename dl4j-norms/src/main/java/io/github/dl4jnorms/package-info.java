/**
 * Normalization for Deeplearning4j: every norm as an eager function ({@link io.github.dl4jnorms.Norms}) and as a function on
 * SameDiff variables ({@link io.github.dl4jnorms.SDNorms}). DL4J layers over them are in {@code layer}.
 */
package io.github.dl4jnorms;
