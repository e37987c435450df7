package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Ghost batch normalization (Hoffer, Hubara and Soudry, <a href="https://arxiv.org/abs/1705.08741">Train longer, generalize
 * better: closing the generalization gap in large batch training of neural networks</a>, 2017): {@link BatchNorm} by the
 * statistics of small virtual batches, each of k neighbouring examples, for the noise that large batches lack:
 *
 * <pre>y = γ · (x − mean) / √(variance + ε) + β</pre>
 *
 * with mean and biased variance of each channel over the virtual batch and the spatial or time dimensions. The last virtual
 * batch is smaller where k does not divide the batch; only a single value per channel, which has no variance, goes with the
 * virtual batch before. The running statistics follow, once per iteration, the average of the virtual batches' statistics:
 * {@code running = decay · running + (1 − decay) · average}. Evaluation and masks of sequences are {@link BatchNorm}'s. With k
 * the batch size it is BatchNorm.
 *
 * <p>{@code new GhostBatchNorm.Builder().virtualBatchSize(32).build()}; defaults: k 32, decay 0.9, unbiased running variance,
 * ε 1e-5, affine, no activation.
 */
public class GhostBatchNorm extends RunningNormLayer {

    private int virtualBatchSize = 32;

    /** For JSON. */
    public GhostBatchNorm() {}

    private GhostBatchNorm(Builder builder) {
        super(builder);
        this.virtualBatchSize = builder.virtualBatchSize;
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        BatchNormGraph graph = graph();
        if (!scope.training()) {
            return graph.evaluate(scope, x, sequenceMask(scope, x), gamma, beta, null, args(gamma, beta, slope));
        }
        SameDiff sd = scope.sameDiff();
        SDNorms.GhostNormalized ghost = SDNorms.ghostBatchNormTraining(
                sd, x, sequenceMask(scope, x), gamma, beta, virtualBatchSize, args(gamma, beta, slope));
        SDVariable variance = graph.followed(scope, ghost.variance(), sd.reshape(ghost.count(), -1, 1));
        graph.update(scope, ghost.mean().mean(0), variance.mean(0));
        return ghost.output();
    }

    public int getVirtualBatchSize() {
        return virtualBatchSize;
    }

    public void setVirtualBatchSize(int virtualBatchSize) {
        this.virtualBatchSize = virtualBatchSize;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && virtualBatchSize == ((GhostBatchNorm) other).virtualBatchSize;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), virtualBatchSize);
    }

    /** Settings of a {@link GhostBatchNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends RunningNormLayer.Builder<Builder> {

        private int virtualBatchSize = 32;

        /** Starts with the defaults. */
        public Builder() {}

        /** k, the number of examples in a virtual batch; default 32. */
        public Builder virtualBatchSize(int k) {
            if (k < 1) {
                throw new IllegalArgumentException("virtualBatchSize: takes a number greater than 0, received " + k);
            }
            this.virtualBatchSize = k;
            return this;
        }

        @Override
        public GhostBatchNorm build() {
            return new GhostBatchNorm(this);
        }
    }
}
