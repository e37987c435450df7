package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Instance normalization (Ulyanov, Vedaldi and Lempitsky,
 * <a href="https://arxiv.org/abs/1607.08022">Instance Normalization: The Missing Ingredient for Fast Stylization</a>, 2016):
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * with mean and biased variance of each channel of each example, over its spatial or time dimensions; of sequences, over the
 * time steps that the mask has. {@link GroupNorm} with as many groups as channels. Takes the contrast of each image away: for
 * style transfer and image generation.
 *
 * <p>{@code new InstanceNorm.Builder().build()}; defaults: ε 1e-5, affine (PyTorch's has that off), no activation.
 */
public class InstanceNorm extends NormLayer {

    /** For JSON. */
    public InstanceNorm() {}

    private InstanceNorm(Builder builder) {
        super(builder);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        Layout.withPositions(getClass(), inputType);
        super.setNIn(inputType, override);
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        return normalizeAndAdd(scope, x, gamma, beta, null, slope);
    }

    @Override
    SDVariable normalizeAndAdd(
            Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, SDVariable residual, double slope) {
        ChannelNormArgs args =
                ChannelNormArgs.of(ChannelNormArgs.INSTANCE, isChannelsLast(), gamma, beta, getEpsilon(), slope);
        return SDNorms.groupNorm(scope.sameDiff(), x, sequenceMask(scope, x), gamma, beta, residual, args);
    }

    /** Settings of an {@link InstanceNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends NormLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {
            super(1e-5);
        }

        @Override
        public InstanceNorm build() {
            return new InstanceNorm(this);
        }
    }
}
