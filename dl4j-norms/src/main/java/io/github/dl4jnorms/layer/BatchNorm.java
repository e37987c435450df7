package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalization (Ioffe and Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>, 2015):
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * In training, mean and biased variance are those of each channel over the batch and the spatial or time dimensions, and the
 * running statistics follow them once per iteration: {@code running = decay · running + (1 − decay) · batch}. In evaluation
 * the running statistics take their place. Training on one value per channel throws.
 *
 * <p>Of sequences, only the time steps that the mask has are counted; the others come out as 0, in evaluation too.
 *
 * <p>The running statistics are buffers named {@code mean} and {@code variance}: saved with the network, and never touched by
 * the optimizer. They start at 0 and 1.
 *
 * <p>{@code new BatchNorm.Builder().build()}; defaults, as PyTorch's: decay 0.9 (PyTorch's momentum 0.1), unbiased running
 * variance, ε 1e-5, affine, no activation. DL4J's BatchNormalization has the same decay and ε, and a biased running variance:
 * {@code unbiased(false)}.
 */
public class BatchNorm extends NormLayer {

    /** Name of the running mean. */
    public static final String MEAN = "mean";

    /** Name of the running variance. */
    public static final String VARIANCE = "variance";

    private double decay = 0.9;
    private boolean cumulative;
    private boolean unbiased = true;
    private boolean frozen;

    /** For JSON. */
    public BatchNorm() {}

    private BatchNorm(Builder builder) {
        super(builder);
        this.decay = builder.decay;
        this.cumulative = builder.cumulative;
        this.unbiased = builder.unbiased;
        this.frozen = builder.frozen;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        graph().declare(parameters);
    }

    @Override
    void declareAffine(Parameters parameters) {
        if (frozen) {
            parameters.buffer(GAMMA, gamma -> gamma.assign(getGammaInit()), getSize());
            parameters.buffer(BETA, beta -> beta.assign(0), getSize());
        } else {
            super.declareAffine(parameters);
        }
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        ChannelNormArgs args =
                ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, isChannelsLast(), gamma, beta, getEpsilon(), slope);
        return graph().normalize(scope, x, sequenceMask(scope, x), gamma, beta, args);
    }

    /** The fused operation checks this by itself, the composed form cannot. */
    @Override
    public void check(boolean training, INDArray... inputs) {
        if (training && !frozen && inputs[0].length() == getSize()) {
            throw new IllegalArgumentException(
                    "x: batch statistics take more than one value per channel, received shape "
                            + Arrays.toString(inputs[0].shape()));
        }
    }

    private BatchNormGraph graph() {
        return new BatchNormGraph(getSize(), decay, cumulative, unbiased, frozen);
    }

    public double getDecay() {
        return decay;
    }

    public void setDecay(double decay) {
        this.decay = decay;
    }

    public boolean isCumulative() {
        return cumulative;
    }

    public void setCumulative(boolean cumulative) {
        this.cumulative = cumulative;
    }

    public boolean isFrozen() {
        return frozen;
    }

    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    public boolean isUnbiased() {
        return unbiased;
    }

    public void setUnbiased(boolean unbiased) {
        this.unbiased = unbiased;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BatchNorm that
                && super.equals(other)
                && decay == that.decay
                && cumulative == that.cumulative
                && unbiased == that.unbiased
                && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), decay, cumulative, unbiased, frozen);
    }

    /** Settings of a {@link BatchNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends NormLayer.Builder<Builder> {

        private double decay = 0.9;
        private boolean cumulative;
        private boolean unbiased = true;
        private boolean frozen;

        /** Starts with the defaults. */
        public Builder() {
            super(1e-5);
        }

        /** Weight of the old value when the running statistics are renewed, from 0 to 1; default 0.9. */
        public Builder decay(double decay) {
            if (!(decay >= 0 && decay <= 1)) {
                throw new IllegalArgumentException("decay: takes a number from 0 to 1, received " + decay);
            }
            this.decay = decay;
            return this;
        }

        /**
         * Whether the running statistics are the average over all batches so far, PyTorch's {@code momentum=None}, instead of
         * following by {@link #decay}; default false.
         */
        public Builder cumulative(boolean cumulative) {
            this.cumulative = cumulative;
            return this;
        }

        /**
         * Whether all stays as it is: the running statistics are used and not renewed in training too, and γ and β are buffers
         * like them, torchvision's {@code FrozenBatchNorm2d}; default false. For fine-tuning with small batches.
         */
        public Builder frozen(boolean frozen) {
            this.frozen = frozen;
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
