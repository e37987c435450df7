/**
 * {@code ./norms weightnorm}: weight normalization and spectral normalization, what they hold and what follows from it: the
 * separated gradients, the bound on every singular value, the Lipschitz constant of a network, and a steadier GAN.
 */
package io.github.dl4jnorms.experiments.weightnorm;
