package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.BatchNormGraph;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/**
 * A norm by its short name, so that a model can take its norm as a parameter: {@code bn} is BatchNorm, {@code gn} GroupNorm
 * with 32 groups, {@code gn8} GroupNorm with 8, {@code none} no norm at all. {@code bn@0.99} is BatchNorm whose running
 * statistics decay by 0.99 instead of 0.9.
 */
public final class NormSpec {

    /** No norm. */
    public static final NormSpec NONE = new NormSpec(Kind.NONE, 0, 0);

    private static final Pattern BATCH_NORM = Pattern.compile("bn(?:@([01]|0?\\.\\d{1,40}))?");
    private static final Pattern GROUP_NORM = Pattern.compile("gn([1-9]\\d{0,5})?");
    private static final int DEFAULT_GROUPS = 32;
    private static final double EPSILON = 1e-5;
    private static final double DEFAULT_DECAY = 0.9;

    private enum Kind {
        BATCH,
        GROUP,
        NONE
    }

    private final Kind kind;
    private final int groups;
    private final double decay;

    private NormSpec(Kind kind, int groups, double decay) {
        this.kind = kind;
        this.groups = groups;
        this.decay = decay;
    }

    /**
     * The norm of a name, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NormSpec parse(String name) {
        String key = name == null ? "" : name.trim().toLowerCase(Locale.ROOT);
        Matcher batch = BATCH_NORM.matcher(key);
        if (batch.matches()) {
            return new NormSpec(
                    Kind.BATCH, 0, batch.group(1) == null ? DEFAULT_DECAY : Double.parseDouble(batch.group(1)));
        }
        if (key.equals("none")) {
            return NONE;
        }
        Matcher group = GROUP_NORM.matcher(key);
        if (group.matches()) {
            return new NormSpec(
                    Kind.GROUP, group.group(1) == null ? DEFAULT_GROUPS : Integer.parseInt(group.group(1)), 0);
        }
        throw new IllegalArgumentException("norm: takes bn, gn (" + DEFAULT_GROUPS
                + " groups), gnG for G groups, or none, received \"" + name + "\"");
    }

    /**
     * A layer that normalizes and then applies an activation, for a layer of so many channels. A GroupNorm of fewer channels
     * than groups, or of a number that the groups do not divide, is an error when the network is built.
     *
     * @return empty when there is no norm and nothing to apply
     */
    public Optional<Layer> layer(Activation activation) {
        return layer(activation, 1);
    }

    /** As {@link #layer(Activation)}, with a γ that starts at another value than 1. */
    public Optional<Layer> layer(Activation activation, double gammaInit) {
        return switch (kind) {
            case BATCH ->
                Optional.of(new BatchNorm.Builder()
                        .decay(decay)
                        .gammaInit(gammaInit)
                        .activation(activation)
                        .build());
            case GROUP ->
                Optional.of(new GroupNorm.Builder()
                        .groups(groups)
                        .activation(activation)
                        .build());
            case NONE ->
                activation == Activation.IDENTITY ? Optional.empty() : Optional.of(new ActivationLayer(activation));
        };
    }

    /**
     * Declares this norm's parameters and buffers in a larger definition.
     *
     * @param prefix what their names begin with
     */
    public void declare(Parameters parameters, String prefix, long channels) {
        if (kind == Kind.NONE) {
            return;
        }
        parameters.bias(prefix + "gamma", gamma -> gamma.assign(1), channels);
        parameters.bias(prefix + "beta", beta -> beta.assign(0), channels);
        if (kind == Kind.BATCH) {
            batchNorm(prefix, channels).declare(parameters);
        }
    }

    /**
     * Builds this norm, followed by ReLU, in a larger definition.
     *
     * @param prefix as declared
     */
    public SDVariable normalizeAndRelu(Scope scope, String prefix, SDVariable x, long channels) {
        if (kind == Kind.NONE) {
            return scope.sameDiff().nn.relu(x, 0);
        }
        SDVariable gamma = scope.parameter(prefix + "gamma");
        SDVariable beta = scope.parameter(prefix + "beta");
        int kindOfGroups = kind == Kind.BATCH ? ChannelNormArgs.PER_CHANNEL : groups;
        ChannelNormArgs args = ChannelNormArgs.of(kindOfGroups, false, gamma, beta, EPSILON, 0);
        return kind == Kind.BATCH
                ? batchNorm(prefix, channels).normalize(scope, x, null, gamma, beta, args)
                : SDNorms.groupNorm(scope.sameDiff(), x, null, gamma, beta, args);
    }

    private BatchNormGraph batchNorm(String prefix, long channels) {
        return new BatchNormGraph(prefix, channels, decay, false, true, false);
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
        return kind == Kind.BATCH ? new NormSpec(kind, groups, decay) : this;
    }

    /** Whether an example's result in training depends on the other examples in its batch. */
    public boolean usesBatchStatistics() {
        return kind == Kind.BATCH;
    }

    /** Whether there is no norm, so that the layers before it need a bias of their own. */
    public boolean isNone() {
        return kind == Kind.NONE;
    }

    /** Groups of a GroupNorm, 0 for the others. */
    public int groups() {
        return groups;
    }

    /** The shortest name that {@link #parse} takes back: {@code bn}, {@code gn32}, {@code none}. */
    @Override
    public String toString() {
        return switch (kind) {
            case BATCH ->
                decay == DEFAULT_DECAY
                        ? "bn"
                        : "bn@" + BigDecimal.valueOf(decay).toPlainString();
            case GROUP -> "gn" + groups;
            case NONE -> "none";
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormSpec that && kind == that.kind && groups == that.groups && decay == that.decay;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, groups, decay);
    }
}
