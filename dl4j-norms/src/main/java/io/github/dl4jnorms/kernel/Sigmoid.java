package io.github.dl4jnorms.kernel;

/**
 * GELU's tanh approximation by the logistic function σ: {@code x/2 (1 + tanh(u)) = x σ(2u)}, {@code u = √(2/π) (x + 0.044715 x³)},
 * which takes one exponential.
 */
final class Sigmoid {

    static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);
    static final double CUBIC = LINEAR * 0.044715;

    private Sigmoid() {}

    /** σ(2u). */
    static double ofGelu(double x) {
        return 1 / (1 + Math.exp(-x * (LINEAR + CUBIC * x * x)));
    }

    /** The derivative of 2u. */
    static double slopeInGelu(double x) {
        return LINEAR + 3 * CUBIC * x * x;
    }
}
