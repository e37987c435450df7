package io.github.dl4jnorms.experiments.weightnorm;

import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Random arrays of doubles. */
final class Samples {
    private Samples() {}

    /** Standard normal. */
    static INDArray gaussian(Random random, int rows, int columns) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape(rows, columns);
    }

    /** Rows of length 1 in random directions. */
    static INDArray directions(Random random, int rows, int columns) {
        return normalized(gaussian(random, rows, columns));
    }

    /** Each row divided by its length. */
    static INDArray normalized(INDArray rows) {
        return rows.divColumnVector(rows.norm2(true, 1));
    }
}
