/**
 * Runs layers and vertices that are defined as SameDiff graphs inside DL4J networks.
 *
 * <p>DL4J 1.0.0-M2.1 can do so itself, but doubles every gradient, computes the forward pass twice, knows neither training
 * mode nor buffers, and fails on a vertex's masks. Here a definition ({@link io.github.dl4jnorms.runtime.GraphDefinition}) is
 * compiled into a forward and a backward {@link io.github.dl4jnorms.runtime.Program}; what the backward one needs is kept
 * from the forward pass, and results are written straight into DL4J's workspaces and gradient views. To write a layer of
 * your own, extend {@link io.github.dl4jnorms.runtime.DefinedLayer} or {@link io.github.dl4jnorms.runtime.DefinedVertex}.
 */
package io.github.dl4jnorms.runtime;
