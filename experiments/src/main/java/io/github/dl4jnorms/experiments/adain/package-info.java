/**
 * {@code ./norms adain}: style transfer by adaptive instance normalization. Without a picture it is an experiment,
 * {@link io.github.dl4jnorms.experiments.adain.AdainExperiment}; with {@code --content} it makes one,
 * {@link io.github.dl4jnorms.experiments.adain.Stylist}.
 */
package io.github.dl4jnorms.experiments.adain;
