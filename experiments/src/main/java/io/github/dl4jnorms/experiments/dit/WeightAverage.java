package io.github.dl4jnorms.experiments.dit;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average of a network's parameters over its training, which draws better than the last ones. Early on it
 * forgets faster, as there is little to remember: the decay is {@code min(DECAY, (1 + step) / (10 + step))}.
 */
final class WeightAverage {
    private static final double DECAY = 0.995;

    private final INDArray average;

    WeightAverage(INDArray start) {
        average = start.dup();
    }

    /** Takes in the parameters after a step, counted from 1. */
    void add(INDArray parameters, int step) {
        double decay = Math.min(DECAY, (1.0 + step) / (10.0 + step));
        average.muli(decay).addi(parameters.mul(1 - decay));
    }

    INDArray get() {
        return average;
    }
}
