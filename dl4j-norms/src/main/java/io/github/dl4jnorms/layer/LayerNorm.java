package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.RowNormArgs;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Layer normalization (Ba, Kiros and Hinton, <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>, 2016):
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * with mean and biased variance over the features of each example, the channels of each time step of a sequence, or the
 * channels of each pixel; see {@link Builder#wholeExample} for all of an image. Does the same in training and evaluation,
 * whatever the batch and the length: the norm of transformers and recurrent networks. Padding does no harm, as time steps do
 * not see each other.
 *
 * <p>{@code new LayerNorm.Builder().build()}; defaults: ε 1e-5, affine, no activation.
 */
public class LayerNorm extends RowNormLayer {

    /** For JSON. */
    public LayerNorm() {}

    private LayerNorm(Builder builder) {
        super(builder);
    }

    @Override
    RowNormArgs args(int axis, SDVariable gamma, SDVariable beta, double slope) {
        return RowNormArgs.layerNorm(axis, gamma, beta, getEpsilon(), slope);
    }

    /** Settings of a {@link LayerNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends RowNormLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {
            super(1e-5);
        }

        @Override
        public LayerNorm build() {
            return new LayerNorm(this);
        }
    }
}
