package io.github.dl4jnorms;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Statistics of each channel over the batch and the spatial dimensions.
 *
 * @param mean {@code [C]}
 * @param variance {@code [C]}, biased: divided by the number of values
 */
public record BatchStatistics(INDArray mean, INDArray variance) {}
