/**
 * Weights that a layer computes from other parameters, as PyTorch's parametrizations: weight normalization, spectral
 * normalization, weight standardization. A {@link io.github.dl4jnorms.weight.Parametrization} is a setting of a
 * {@link io.github.dl4jnorms.weight.ParametrizedLayer}, such as {@link io.github.dl4jnorms.weight.Dense}.
 */
package io.github.dl4jnorms.weight;
