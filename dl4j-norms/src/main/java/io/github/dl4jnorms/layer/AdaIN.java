package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Adaptive instance normalization, a vertex with the inputs content and style (Huang and Belongie,
 * <a href="https://arxiv.org/abs/1703.06868">Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization</a>,
 * 2017):
 *
 * <pre>
 * t = std(style) · (content − mean(content)) / std(content) + mean(style),    std = √(variance + ε)
 * y = α · t + (1 − α) · content</pre>
 *
 * with mean and biased variance of each channel of each example, over its spatial or time dimensions; of sequences, over the
 * time steps that the mask has, and the others come out as 0. No parameters; gradients flow to both inputs.
 *
 * <p>Content and style: recurrent {@code [N, C, T]} or {@code [N, T, C]}, convolutional {@code [N, C, H, W]} or
 * {@code [N, H, W, C]}, or 3-D convolutional, of as many channels and one layout; the style's spatial and time sizes may be
 * others. Output: the content's shape.
 *
 * <p>{@code new AdaIN.Builder().build()}; defaults: ε 1e-5, α 1, all of the style.
 */
public class AdaIN extends DefinedVertex {

    private double epsilon = 1e-5;
    private double alpha = 1;
    private boolean channelsLast;

    /** For JSON. */
    public AdaIN() {}

    private AdaIN(Builder builder) {
        this.epsilon = builder.epsilon;
        this.alpha = builder.alpha;
    }

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        if (vertexInputs.length != 2) {
            throw new IllegalArgumentException(
                    "inputs: AdaIN takes [content, style], received " + Arrays.toString(vertexInputs));
        }
        Layout content = Layout.withPositions(getClass(), vertexInputs[0]);
        Layout style = Layout.withPositions(getClass(), vertexInputs[1]);
        if (!content.equals(style)) {
            throw new IllegalArgumentException("style: AdaIN takes as many channels as the content has, in its layout, "
                    + vertexInputs[0] + ", received " + vertexInputs[1]);
        }
        this.channelsLast = content.channelsLast();
        return vertexInputs[0];
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SDVariable content = inputs[0];
        SDVariable style = inputs[1];
        SDVariable contentMask = ChannelLayer.sequenceMask(scope, content);
        SDVariable styleMask = ChannelLayer.sequenceMask(scope, 1, style);
        SDVariable transferred =
                SDNorms.adaIn(scope.sameDiff(), content, contentMask, style, styleMask, channelsLast, epsilon);
        return alpha == 1
                ? transferred
                : transferred
                        .mul(alpha)
                        .add(Broadcast.masked(content, contentMask, channelsLast)
                                .mul(1 - alpha));
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    public double getAlpha() {
        return alpha;
    }

    public void setAlpha(double alpha) {
        this.alpha = alpha;
    }

    /** Whether the channels are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdaIN that
                && super.equals(other)
                && epsilon == that.epsilon
                && alpha == that.alpha
                && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), epsilon, alpha, channelsLast);
    }

    /** Settings of an {@link AdaIN}. */
    public static class Builder {

        private double epsilon = 1e-5;
        private double alpha = 1;

        /** Starts with the defaults. */
        public Builder() {}

        /** What is added to the variances, greater than 0; default 1e-5. */
        public Builder epsilon(double epsilon) {
            this.epsilon = NormLayer.requireEpsilon(epsilon);
            return this;
        }

        /** How much of the style, from 0, the content as it is, to 1; default 1. */
        public Builder alpha(double alpha) {
            if (!(alpha >= 0 && alpha <= 1)) {
                throw new IllegalArgumentException("alpha: takes a number from 0 to 1, received " + alpha);
            }
            this.alpha = alpha;
            return this;
        }

        public AdaIN build() {
            return new AdaIN(this);
        }
    }
}
