package io.github.dl4jnorms.experiments.report;

/**
 * Numbers for a histogram.
 *
 * @param name   in the legend
 * @param values in any order
 * @param color  index into the palette, so that the same thing has the same colour in every plot
 */
public record Sample(String name, double[] values, int color) {}
