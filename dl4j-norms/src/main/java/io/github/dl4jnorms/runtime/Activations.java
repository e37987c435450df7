package io.github.dl4jnorms.runtime;

import java.util.EnumSet;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * DL4J's activations in a SameDiff graph, with DL4J's values. Its own {@link Activation#asSameDiff} has no SWISH and no SELU,
 * and takes LEAKYRELU for RELU.
 */
public final class Activations {

    private static final Set<Activation> KNOWN = EnumSet.of(
            Activation.CUBE,
            Activation.ELU,
            Activation.GELU,
            Activation.HARDTANH,
            Activation.IDENTITY,
            Activation.LEAKYRELU,
            Activation.RELU,
            Activation.SELU,
            Activation.SIGMOID,
            Activation.SOFTPLUS,
            Activation.SOFTSIGN,
            Activation.SWISH,
            Activation.TANH);

    private Activations() {}

    /**
     * The activation, if {@link #apply} knows it.
     *
     * @throws IllegalArgumentException if it does not
     */
    public static Activation require(Activation activation) {
        if (activation == null || !KNOWN.contains(activation)) {
            throw new IllegalArgumentException("activation: takes one of " + KNOWN + ", received " + activation
                    + "; an ActivationLayer after this one takes any");
        }
        return activation;
    }

    /** The slope for negative values of an activation that is the identity for positive ones; NaN for any other. */
    public static double slope(Activation activation) {
        return switch (activation) {
            case IDENTITY -> 1;
            case LEAKYRELU -> ActivationLReLU.DEFAULT_ALPHA;
            case RELU -> 0;
            default -> Double.NaN;
        };
    }

    /** Applies an activation to each element. */
    public static SDVariable apply(SameDiff sd, Activation activation, SDVariable x) {
        return switch (require(activation)) {
            case IDENTITY -> x;
            case LEAKYRELU -> sd.nn.leakyRelu(x, ActivationLReLU.DEFAULT_ALPHA);
            case SELU -> sd.nn.selu(x);
            case SWISH -> sd.nn.swish(x);
            default -> activation.asSameDiff(sd, x);
        };
    }
}
