package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * BatchNorm with its running statistics as part of a definition: batch statistics in training, running ones in evaluation.
 *
 * @param size number of channels
 * @param decay weight of the old value when the running statistics are renewed
 * @param cumulative whether they are the average over all batches instead
 * @param unbiased whether the running variance follows the unbiased batch variance
 * @param frozen whether the running statistics are used in training too, and stay as they are
 */
record BatchNormGraph(long size, double decay, boolean cumulative, boolean unbiased, boolean frozen) {

    /** How many batches a cumulative average is of. */
    private static final String COUNT = "count";

    /** Declares the running mean and variance, which start at 0 and 1. */
    public void declare(Parameters parameters) {
        parameters.buffer(BatchNorm.MEAN, mean -> mean.assign(0), size);
        parameters.buffer(BatchNorm.VARIANCE, variance -> variance.assign(1), size);
        if (cumulative) {
            parameters.buffer(COUNT, count -> count.assign(0), 1);
        }
    }

    /**
     * Normalizes; in training, renews the running statistics too.
     *
     * @param mask null, or [N, T] for sequences: the time steps that count
     * @param gamma may be null
     * @param beta may be null
     */
    public SDVariable normalize(
            Scope scope, SDVariable x, SDVariable mask, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SameDiff sd = scope.sameDiff();
        SDVariable mean = scope.parameter(BatchNorm.MEAN);
        SDVariable variance = scope.parameter(BatchNorm.VARIANCE);
        if (frozen || !scope.training()) {
            SDVariable y = SDNorms.batchNorm(sd, x, mean, variance, gamma, beta, args);
            return mask == null ? y : y.mul(sd.expandDims(mask.castTo(y.dataType()), args.channelsLast() ? 2 : 1));
        }
        SDNorms.BatchNormalized normalized = SDNorms.batchNormTraining(sd, x, mask, gamma, beta, args);
        SDVariable batchVariance = normalized.variance();
        if (unbiased) {
            SDVariable count = mask == null
                    ? sd.prod(sd.shape(x).castTo(batchVariance.dataType())).div(size)
                    : normalized.count();
            // a batch of one value, all others masked, has no unbiased variance
            SDVariable others = sd.math.max(count.sub(1), sd.constant(Nd4j.scalar(batchVariance.dataType(), 1)));
            batchVariance = batchVariance.mul(count).mul(sd.math.reciprocal(others));
        }
        SDVariable rate = null;
        if (cumulative) {
            SDVariable count = scope.parameter(COUNT).add(1);
            scope.update(COUNT, count);
            rate = sd.math.reciprocal(count);
        }
        scope.update(BatchNorm.MEAN, follow(mean, normalized.mean(), rate));
        scope.update(BatchNorm.VARIANCE, follow(variance, batchVariance, rate));
        return normalized.output();
    }

    private SDVariable follow(SDVariable running, SDVariable batch, SDVariable rate) {
        // a 16-bit batch has its statistics in float
        SDVariable value = batch.dataType() == running.dataType() ? batch : batch.castTo(running.dataType());
        return rate == null
                ? running.mul(decay).add(value.mul(1 - decay))
                : running.add(value.sub(running).mul(rate));
    }
}
