package io.github.dl4jnorms.gradcheck;

import java.util.Arrays;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Compares a gradient with central differences of the function it should be the gradient of.
 *
 * @param terms what the function is the sum of: term by term, those that a step leaves alone cancel without rounding
 * @param step the first step ε
 * @param limit of the relative error
 * @param floor the least that an absolute error is divided by
 */
record FiniteDifferences(Supplier<double[]> terms, double step, double limit, double floor) {

    /** A step that straddles a kink, or is too long for the curvature, is made ten times shorter, this often. */
    private static final int RETRIES = 2;

    /** Compares the entries at the linear indices, in c order, of an array that the function depends on. */
    ArrayResult compare(String name, INDArray array, INDArray gradient, long[] entries) {
        long[] worst = {};
        double worstError = -1;
        double analyticThere = 0;
        double numericThere = 0;
        for (long entry : entries) {
            long[] index = Shape.ind2subC(array.shape(), entry);
            double analytic = gradient.getDouble(index);
            double numeric = Double.NaN;
            double error = Double.POSITIVE_INFINITY;
            double h = step;
            for (int attempt = 0; attempt <= RETRIES && error > limit && Double.isFinite(analytic); attempt++) {
                double difference = difference(array, index, h);
                if (attempt == 0 || error(analytic, difference) < error) {
                    numeric = difference;
                    error = error(analytic, difference);
                }
                h /= 10;
            }
            if (error > worstError) {
                worst = index;
                worstError = error;
                analyticThere = analytic;
                numericThere = numeric;
            }
        }
        return new ArrayResult(
                name,
                array.length(),
                entries.length,
                Math.max(worstError, 0),
                Arrays.toString(worst),
                analyticThere,
                numericThere);
    }

    private double difference(INDArray array, long[] index, double h) {
        double value = array.getDouble(index);
        try {
            array.putScalar(index, value + h);
            double[] above = terms.get();
            array.putScalar(index, value - h);
            double[] below = terms.get();
            double sum = 0;
            for (int i = 0; i < above.length; i++) {
                sum += above[i] - below[i];
            }
            return sum / (2 * h);
        } finally {
            array.putScalar(index, value);
        }
    }

    private double error(double analytic, double numeric) {
        double error = Math.abs(analytic - numeric) / Math.max(Math.abs(analytic) + Math.abs(numeric), floor);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
