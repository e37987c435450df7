/**
 * {@code ./norms dit}: adaLN-Zero, the conditional normalization of a diffusion transformer. Its block starts as the identity and
 * wakes up gates first; beside other ways of conditioning and other norms; and a small transformer that learns to draw.
 */
package io.github.dl4jnorms.experiments.dit;
