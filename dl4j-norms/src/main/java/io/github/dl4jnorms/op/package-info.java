/**
 * The norms as SameDiff operations: shape, forward and gradient, twice each.
 *
 * <p>The <em>fused</em> form is one operation whose arithmetic is Java ({@link io.github.dl4jnorms.execution.JavaOp}); it runs
 * wherever ND4J's CPU backend runs SameDiff graphs. The <em>composed</em> form ({@link io.github.dl4jnorms.op.Composed}) is
 * the formula in SameDiff's own operations; it runs on every backend, and the fused form is tested against it.
 */
package io.github.dl4jnorms.op;
