/** {@code ./norms layernorm}: LayerNorm against RMSNorm: what they assure, what they cost, and how a model trains with each. */
package io.github.dl4jnorms.experiments.layernorm;
