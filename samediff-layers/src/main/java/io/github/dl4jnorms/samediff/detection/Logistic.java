package io.github.dl4jnorms.samediff.detection;

/** The logistic function and its integral, without overflow for any finite argument. */
final class Logistic {

    private Logistic() {}

    /** {@code 1 / (1 + exp(-x))}. */
    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** {@code log(1 + exp(x)) = -log(sigmoid(-x))}. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
