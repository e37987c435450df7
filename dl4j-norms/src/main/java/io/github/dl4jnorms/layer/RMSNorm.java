package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.RowNormArgs;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Root mean square normalization (Zhang and Sennrich,
 * <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer Normalization</a>, 2019):
 *
 * <pre>y = γ · x / √(mean of x² + ε)</pre>
 *
 * over the features of each example, the channels of each time step of a sequence, or the channels of each pixel; see
 * {@link Builder#wholeExample} for all of an image. {@link LayerNorm} without taking the mean away and without β: as good for
 * large language models, and less work.
 *
 * <p>{@code new RMSNorm.Builder().build()}; defaults: ε 1e-6, affine (a γ), no activation.
 */
public class RMSNorm extends RowNormLayer {

    /** For JSON. */
    public RMSNorm() {}

    private RMSNorm(Builder builder) {
        super(builder);
    }

    @Override
    boolean hasBeta() {
        return false;
    }

    @Override
    RowNormArgs args(int axis, SDVariable gamma, SDVariable beta, double slope) {
        return RowNormArgs.rmsNorm(axis, gamma, getEpsilon(), slope);
    }

    /** Settings of an {@link RMSNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends RowNormLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {
            super(1e-6);
        }

        @Override
        public RMSNorm build() {
            return new RMSNorm(this);
        }
    }
}
