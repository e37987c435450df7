package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch renormalization (Ioffe, <a href="https://arxiv.org/abs/1702.03275">Batch Renormalization: Towards Reducing Minibatch
 * Dependence in Batch-Normalized Models</a>, 2017): {@link BatchNorm} that in training, too, comes near to normalizing by the
 * running statistics, as evaluation does. For small batches, or ones whose examples are alike.
 *
 * <pre>y = γ · ((x − mean) / √(variance + ε) · r + d) + β
 * r = √(variance + ε) / √(running variance + ε), between 1 / rMax and rMax
 * d = (mean − running mean) / √(running variance + ε), between −dMax and dMax</pre>
 *
 * Mean and biased variance are the batch's, of each channel over the batch and the spatial or time dimensions; no gradient
 * flows through r and d. Evaluation, the running statistics and masks of sequences are {@link BatchNorm}'s. With rMax 1 and
 * dMax 0 it is BatchNorm.
 *
 * <p>The running statistics tell nothing at first, so the paper trains by BatchNorm for 5,000 iterations, and then lets rMax
 * and dMax grow to 3 and 5 until iterations 40,000 and 25,000: see {@link Builder#ramp}.
 *
 * <p>{@code new BatchRenorm.Builder().rMax(3).dMax(5).ramp(5_000, 40_000).build()}; defaults: rMax 3, dMax 5, no ramp, decay
 * 0.9, unbiased running variance, ε 1e-5, affine, no activation.
 */
public class BatchRenorm extends RunningNormLayer {

    private static final String ITERATIONS = "iterations";

    private double rMax = 3;
    private double dMax = 5;
    private long rampFrom;
    private long rampTo;

    /** For JSON. */
    public BatchRenorm() {}

    private BatchRenorm(Builder builder) {
        super(builder);
        this.rMax = builder.rMax;
        this.dMax = builder.dMax;
        this.rampFrom = builder.rampFrom;
        this.rampTo = builder.rampTo;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        if (rampTo > 0) {
            parameters.buffer(ITERATIONS, iterations -> iterations.assign(0), 1);
        }
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        BatchNormGraph graph = graph();
        if (!scope.training()) {
            return graph.evaluate(scope, x, sequenceMask(scope, x), gamma, beta, null, args(gamma, beta, slope));
        }
        SameDiff sd = scope.sameDiff();
        SDVariable mask = sequenceMask(scope, x);
        SDNorms.Statistics batch = SDNorms.statistics(sd, x, mask, args(null, null, 1));
        graph.follow(scope, x, mask, batch.mean(), batch.variance());

        SDVariable mean = BatchNormGraph.typed(graph.mean(scope), batch.mean().dataType());
        SDVariable variance =
                BatchNormGraph.typed(graph.variance(scope), batch.mean().dataType());
        SDVariable perDeviation = sd.math.reciprocal(sd.math.sqrt(variance.add(getEpsilon())));
        SDVariable ramp = ramp(scope, batch.mean());
        SDVariable r = sd.math.sqrt(batch.variance().add(getEpsilon())).mul(perDeviation);
        SDVariable d = batch.mean().sub(mean).mul(perDeviation);
        SDVariable largestR = ramp.mul(rMax - 1).add(1);
        SDVariable largestD = ramp.mul(dMax);
        r = constant(scope, between(r, sd.math.reciprocal(largestR), largestR), x);
        d = constant(scope, between(d, sd.math.neg(largestD), largestD), x);

        SDVariable scale = gamma == null ? r : gamma.mul(r);
        SDVariable scaled = gamma == null ? d : gamma.mul(d);
        SDVariable shift = beta == null ? scaled : scaled.add(beta);
        ChannelNormArgs args = args(scale, shift, slope);
        return SDNorms.batchNormTraining(sd, x, mask, scale, shift, args).output();
    }

    /** How much of rMax and dMax is let loose, from 0 to 1. */
    private SDVariable ramp(Scope scope, SDVariable like) {
        SameDiff sd = scope.sameDiff();
        SDVariable one = sd.constant(Nd4j.ones(like.dataType(), 1));
        if (rampTo == 0) {
            return one;
        }
        SDVariable iterations = scope.parameter(ITERATIONS);
        scope.update(ITERATIONS, iterations.add(1));
        SDVariable done =
                BatchNormGraph.typed(iterations, like.dataType()).sub(rampFrom).mul(1.0 / (rampTo - rampFrom));
        return between(done, sd.constant(Nd4j.zeros(like.dataType(), 1)), one);
    }

    private static SDVariable between(SDVariable x, SDVariable least, SDVariable most) {
        SameDiff sd = x.getSameDiff();
        return sd.math.min(sd.math.max(x, least), most);
    }

    private static SDVariable constant(Scope scope, SDVariable value, SDVariable x) {
        return BatchNormGraph.typed(scope.stopGradient(value), x.dataType());
    }

    public double getRMax() {
        return rMax;
    }

    public void setRMax(double rMax) {
        this.rMax = rMax;
    }

    public double getDMax() {
        return dMax;
    }

    public void setDMax(double dMax) {
        this.dMax = dMax;
    }

    public long getRampFrom() {
        return rampFrom;
    }

    public void setRampFrom(long rampFrom) {
        this.rampFrom = rampFrom;
    }

    public long getRampTo() {
        return rampTo;
    }

    public void setRampTo(long rampTo) {
        this.rampTo = rampTo;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BatchRenorm that
                && super.equals(other)
                && rMax == that.rMax
                && dMax == that.dMax
                && rampFrom == that.rampFrom
                && rampTo == that.rampTo;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), rMax, dMax, rampFrom, rampTo);
    }

    /** Settings of a {@link BatchRenorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends RunningNormLayer.Builder<Builder> {

        private double rMax = 3;
        private double dMax = 5;
        private long rampFrom;
        private long rampTo;

        /** Starts with the defaults. */
        public Builder() {}

        /** The largest r, from 1, the smallest being 1 / rMax; default 3. */
        public Builder rMax(double rMax) {
            if (!(rMax >= 1)) {
                throw new IllegalArgumentException("rMax: takes a number from 1, received " + rMax);
            }
            this.rMax = rMax;
            return this;
        }

        /** The largest magnitude of d, from 0; default 5. */
        public Builder dMax(double dMax) {
            if (!(dMax >= 0)) {
                throw new IllegalArgumentException("dMax: takes a number from 0, received " + dMax);
            }
            this.dMax = dMax;
            return this;
        }

        /**
         * BatchNorm up to iteration {@code from}; then the largest r and d grow evenly from 1 and 0 to rMax and dMax, which
         * they have from iteration {@code to} on; default: rMax and dMax from the first.
         */
        public Builder ramp(long from, long to) {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("ramp: takes 0 <= from < to, received from " + from + " to " + to);
            }
            this.rampFrom = from;
            this.rampTo = to;
            return this;
        }

        @Override
        public BatchRenorm build() {
            return new BatchRenorm(this);
        }
    }
}
