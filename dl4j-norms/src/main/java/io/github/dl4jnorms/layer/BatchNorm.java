package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Batch normalization (Ioffe and Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>, 2015):
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * In training, mean and biased variance are those of each channel over the batch and the spatial or time dimensions, and the
 * running statistics follow them once per iteration: {@code running = decay · running + (1 − decay) · batch}. In evaluation
 * the running statistics take their place. Training on one value per channel throws.
 *
 * <p>The running statistics are buffers named {@code mean} and {@code variance}: saved with the network, and never touched by
 * the optimizer. They start at 0 and 1.
 *
 * <p>{@code new BatchNorm.Builder().build()}; defaults, as PyTorch's: decay 0.9 (PyTorch's momentum 0.1), unbiased running
 * variance, ε 1e-5, affine, no activation. Sequence masks are not regarded: padding counts.
 */
public class BatchNorm extends ChannelNormLayer {

    /** Name of the running mean. */
    public static final String MEAN = "mean";

    /** Name of the running variance. */
    public static final String VARIANCE = "variance";

    private double decay = 0.9;
    private boolean unbiased = true;

    /** For JSON. */
    public BatchNorm() {}

    private BatchNorm(Builder builder) {
        super(builder);
        this.decay = builder.decay;
        this.unbiased = builder.unbiased;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        parameters.buffer(MEAN, mean -> mean.assign(0), getSize());
        parameters.buffer(VARIANCE, variance -> variance.assign(1), getSize());
    }

    @Override
    int groups() {
        return ChannelNormArgs.PER_CHANNEL;
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SameDiff sd = scope.sameDiff();
        SDVariable mean = scope.parameter(MEAN);
        SDVariable variance = scope.parameter(VARIANCE);
        if (!scope.training()) {
            return SDNorms.batchNorm(sd, x, mean, variance, gamma, beta, args);
        }
        SDNorms.WithStatistics normalized = SDNorms.batchNormTraining(sd, x, gamma, beta, args);
        scope.update(MEAN, follow(mean, normalized.mean()));
        SDVariable batchVariance = normalized.variance();
        if (unbiased) {
            SDVariable count =
                    sd.prod(sd.shape(x).castTo(batchVariance.dataType())).div(getSize());
            batchVariance = batchVariance.mul(count).mul(sd.math.reciprocal(count.sub(1)));
        }
        scope.update(VARIANCE, follow(variance, batchVariance));
        return normalized.output();
    }

    private SDVariable follow(SDVariable running, SDVariable batch) {
        SDVariable step = batch.mul(1 - decay);
        // a 16-bit batch has its statistics in float
        return running.mul(decay).add(step.dataType() == running.dataType() ? step : step.castTo(running.dataType()));
    }

    public double getDecay() {
        return decay;
    }

    public void setDecay(double decay) {
        this.decay = decay;
    }

    public boolean isUnbiased() {
        return unbiased;
    }

    public void setUnbiased(boolean unbiased) {
        this.unbiased = unbiased;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && decay == ((BatchNorm) other).decay && unbiased == ((BatchNorm) other).unbiased;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), decay, unbiased);
    }

    /** Settings of a {@link BatchNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends ChannelNormLayer.Builder<Builder> {

        private double decay = 0.9;
        private boolean unbiased = true;

        /** Weight of the old value when the running statistics are renewed, from 0 to 1; default 0.9. */
        public Builder decay(double decay) {
            if (!(decay >= 0 && decay <= 1)) {
                throw new IllegalArgumentException("decay: takes a number from 0 to 1, received " + decay);
            }
            this.decay = decay;
            return this;
        }

        /**
         * Whether the running variance follows the unbiased batch variance, as PyTorch's does, or the biased one, as DL4J's
         * and ONNX's do; default true. Training always normalizes by the biased one.
         */
        public Builder unbiased(boolean unbiased) {
            this.unbiased = unbiased;
            return this;
        }

        @Override
        public BatchNorm build() {
            return new BatchNorm(this);
        }
    }
}
