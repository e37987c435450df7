package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;

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
public class BatchNorm extends RunningNormLayer {

    /** Name of the running mean. */
    public static final String MEAN = "mean";

    /** Name of the running variance. */
    public static final String VARIANCE = "variance";

    private boolean frozen;

    /** For JSON. */
    public BatchNorm() {}

    private BatchNorm(Builder builder) {
        super(builder);
        this.frozen = builder.frozen;
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
        return normalizeAndAdd(scope, x, gamma, beta, null, slope);
    }

    @Override
    SDVariable normalizeAndAdd(
            Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, SDVariable residual, double slope) {
        return graph().normalize(scope, x, sequenceMask(scope, x), gamma, beta, residual, args(gamma, beta, slope));
    }

    @Override
    BatchNormGraph graph() {
        return new BatchNormGraph(getSize(), getDecay(), isCumulative(), isUnbiased(), frozen);
    }

    public boolean isFrozen() {
        return frozen;
    }

    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BatchNorm that && super.equals(other) && frozen == that.frozen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), frozen);
    }

    /** Settings of a {@link BatchNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends RunningNormLayer.Builder<Builder> {

        private boolean frozen;

        /** Starts with the defaults. */
        public Builder() {}

        /**
         * Whether all stays as it is: the running statistics are used and not renewed in training too, and γ and β are buffers
         * like them, torchvision's {@code FrozenBatchNorm2d}; default false. For fine-tuning with small batches.
         */
        public Builder frozen(boolean frozen) {
            this.frozen = frozen;
            return this;
        }

        @Override
        public BatchNorm build() {
            return new BatchNorm(this);
        }
    }
}
