package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.NormLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/**
 * A norm by its short name, so that a model can take its norm as a parameter:
 *
 * <table>
 * <caption>Names</caption>
 * <tr><td>{@code bn}, {@code bn@0.99}</td><td>BatchNorm, with running statistics that decay by 0.99 instead of 0.9</td></tr>
 * <tr><td>{@code frozen_bn}</td><td>BatchNorm that stays as it is in training too</td></tr>
 * <tr><td>{@code gn}, {@code gn8}</td><td>GroupNorm with 32 groups, with 8</td></tr>
 * <tr><td>{@code ln}</td><td>LayerNorm</td></tr>
 * <tr><td>{@code rms}</td><td>RMSNorm</td></tr>
 * <tr><td>{@code in}</td><td>InstanceNorm</td></tr>
 * <tr><td>{@code none}</td><td>no norm at all</td></tr>
 * </table>
 */
public final class NormSpec {

    /** No norm. */
    public static final NormSpec NONE = new NormSpec(NamedNorm.NONE, 0);

    private final NamedNorm norm;
    private final double argument;

    private NormSpec(NamedNorm norm, double argument) {
        this.norm = norm;
        this.argument = argument;
    }

    /**
     * The norm of a name, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NormSpec parse(String name) {
        String key = name == null ? "" : name.trim().toLowerCase(Locale.ROOT);
        for (NamedNorm norm : NamedNorm.values()) {
            OptionalDouble argument = norm.parse(key);
            if (argument.isPresent()) {
                return new NormSpec(norm, argument.getAsDouble());
            }
        }
        throw new IllegalArgumentException("norm: takes " + forms() + ", received \"" + name + "\"");
    }

    /** The names there are, as a list to read: {@code bn[@DECAY], gn[GROUPS], …}. */
    public static String forms() {
        return Arrays.stream(NamedNorm.values()).map(NamedNorm::form).collect(Collectors.joining(", "));
    }

    /**
     * A layer that normalizes and then applies an activation. Groups that do not divide the number of channels are an error
     * when the network is built.
     *
     * @return empty when there is no norm and nothing to apply
     */
    public Optional<Layer> layer(Activation activation) {
        return layer(activation, 1);
    }

    /** As {@link #layer(Activation)}, with a γ that starts at another value than 1. */
    public Optional<Layer> layer(Activation activation, double gammaInit) {
        Optional<Layer> layer = norm(activation, gammaInit).map(norm -> norm);
        return layer.isPresent() || activation == Activation.IDENTITY
                ? layer
                : Optional.of(new ActivationLayer(activation));
    }

    /** The norm alone: as {@link #layer(Activation, double)}, but empty for {@code none} whatever is to be applied. */
    public Optional<NormLayer> norm(Activation activation, double gammaInit) {
        return isNone()
                ? Optional.empty()
                : Optional.of(norm.builder(argument)
                        .activation(activation)
                        .gammaInit(gammaInit)
                        .build());
    }

    /**
     * Declares this norm's parameters and buffers in a larger definition.
     *
     * @param prefix what their names begin with
     */
    public void declare(Parameters parameters, String prefix, long channels) {
        if (!isNone()) {
            part(channels).declare(parameters.under(prefix));
        }
    }

    /**
     * Builds this norm, followed by ReLU, in a larger definition.
     *
     * @param prefix as declared
     */
    public SDVariable normalizeAndRelu(Scope scope, String prefix, SDVariable x, long channels) {
        return isNone() ? scope.sameDiff().nn.relu(x, 0) : part(channels).define(scope.under(prefix), x);
    }

    private NormLayer part(long channels) {
        NormLayer layer = norm(Activation.RELU, 1).orElseThrow();
        layer.setNIn(InputType.convolutional(1, 1, channels), true);
        return layer;
    }

    /**
     * This norm with other running statistics, if it has any.
     *
     * @param decay weight of the old value, from 0 to 1
     */
    public NormSpec withDecay(double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException("decay: takes a number from 0 to 1, received " + decay);
        }
        return norm.hasDecay() ? new NormSpec(norm, decay) : this;
    }

    /** Whether it has a decay other than the default. */
    boolean statesDecay() {
        return norm.hasDecay() && !equals(withDecay(NamedNorm.DEFAULT_DECAY));
    }

    /** Whether an example's result in training depends on the other examples in its batch. */
    public boolean usesBatchStatistics() {
        return norm.hasDecay();
    }

    /** Whether there is no norm, so that the layers before it need a bias of their own. */
    public boolean isNone() {
        return norm == NamedNorm.NONE;
    }

    /** The shortest name that {@link #parse} takes back: {@code bn}, {@code gn32}, {@code none}. */
    @Override
    public String toString() {
        return norm.print(argument);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormSpec that && norm == that.norm && argument == that.argument;
    }

    @Override
    public int hashCode() {
        return Objects.hash(norm, argument);
    }
}
