package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Group normalization (Wu and He, <a href="https://arxiv.org/abs/1803.08494">Group Normalization</a>, 2018):
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * with mean and biased variance over each group of neighbouring channels of one example, and over its spatial or time
 * dimensions; of sequences, over the time steps that the mask has. Does the same in training and evaluation, whatever the
 * batch size: take it where batches are small.
 *
 * <p>{@code new GroupNorm.Builder().groups(32).build()}; defaults: 32 groups, ε 1e-5, affine, no activation.
 */
public class GroupNorm extends NormLayer {

    private int groups = 32;

    /** For JSON. */
    public GroupNorm() {}

    private GroupNorm(Builder builder) {
        super(builder);
        this.groups = builder.groups;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        if (getSize() % groups != 0) {
            throw new IllegalArgumentException(
                    "groups: takes a divisor of the " + getSize() + " channels, received " + groups);
        }
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        return normalizeAndAdd(scope, x, gamma, beta, null, slope);
    }

    @Override
    SDVariable normalizeAndAdd(
            Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, SDVariable residual, double slope) {
        ChannelNormArgs args = ChannelNormArgs.of(groups, isChannelsLast(), gamma, beta, getEpsilon(), slope);
        return SDNorms.groupNorm(scope.sameDiff(), x, sequenceMask(scope, x), gamma, beta, residual, args);
    }

    public int getGroups() {
        return groups;
    }

    public void setGroups(int groups) {
        this.groups = groups;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && groups == ((GroupNorm) other).groups;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), groups);
    }

    /** Settings of a {@link GroupNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends NormLayer.Builder<Builder> {

        private int groups = 32;

        /** Starts with the defaults. */
        public Builder() {
            super(1e-5);
        }

        /** Number of groups, a divisor of the number of channels; default 32. */
        public Builder groups(int groups) {
            if (groups < 1) {
                throw new IllegalArgumentException("groups: takes a number greater than 0, received " + groups);
            }
            this.groups = groups;
            return this;
        }

        @Override
        public GroupNorm build() {
            return new GroupNorm(this);
        }
    }
}
