package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.Activation;

/**
 * A norm by its short name, so that a model can take its norm as a parameter: {@code bn} is BatchNorm, {@code gn} GroupNorm
 * with 32 groups, {@code gn8} GroupNorm with 8, {@code none} no norm at all.
 */
public final class NormSpec {

    /** No norm. */
    public static final NormSpec NONE = new NormSpec(Kind.NONE, 0);

    private static final Pattern GROUP_NORM = Pattern.compile("gn([1-9]\\d{0,5})?");
    private static final int DEFAULT_GROUPS = 32;

    private enum Kind {
        BATCH,
        GROUP,
        NONE
    }

    private final Kind kind;
    private final int groups;

    private NormSpec(Kind kind, int groups) {
        this.kind = kind;
        this.groups = groups;
    }

    /**
     * The norm of a name, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NormSpec parse(String name) {
        String key = name == null ? "" : name.trim().toLowerCase(Locale.ROOT);
        if (key.equals("bn")) {
            return new NormSpec(Kind.BATCH, 0);
        }
        if (key.equals("none")) {
            return NONE;
        }
        Matcher group = GROUP_NORM.matcher(key);
        if (group.matches()) {
            return new NormSpec(Kind.GROUP, group.group(1) == null ? DEFAULT_GROUPS : Integer.parseInt(group.group(1)));
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
        return switch (kind) {
            case BATCH ->
                Optional.of(new BatchNorm.Builder().activation(activation).build());
            case GROUP ->
                Optional.of(new GroupNorm.Builder()
                        .groups(groups)
                        .activation(activation)
                        .build());
            case NONE ->
                activation == Activation.IDENTITY
                        ? Optional.empty()
                        : Optional.of(new org.deeplearning4j.nn.conf.layers.ActivationLayer(activation));
        };
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
            case BATCH -> "bn";
            case GROUP -> "gn" + groups;
            case NONE -> "none";
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormSpec that && kind == that.kind && groups == that.groups;
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + groups;
    }
}
