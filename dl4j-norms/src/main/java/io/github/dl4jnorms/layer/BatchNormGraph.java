package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * BatchNorm with its running statistics as part of a definition: batch statistics in training, running ones in evaluation.
 *
 * @param prefix what the names of its buffers begin with
 * @param size number of channels
 * @param decay weight of the old value when the running statistics are renewed
 * @param unbiased whether the running variance follows the unbiased batch variance
 */
public record BatchNormGraph(String prefix, long size, double decay, boolean unbiased) {

    /** Declares the running mean and variance, which start at 0 and 1. */
    public void declare(Parameters parameters) {
        parameters.buffer(prefix + BatchNorm.MEAN, mean -> mean.assign(0), size);
        parameters.buffer(prefix + BatchNorm.VARIANCE, variance -> variance.assign(1), size);
    }

    /** Normalizes; in training, renews the running statistics too. γ and β may be null. */
    public SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SameDiff sd = scope.sameDiff();
        SDVariable mean = scope.parameter(prefix + BatchNorm.MEAN);
        SDVariable variance = scope.parameter(prefix + BatchNorm.VARIANCE);
        if (!scope.training()) {
            return SDNorms.batchNorm(sd, x, mean, variance, gamma, beta, args);
        }
        SDNorms.WithStatistics normalized = SDNorms.batchNormTraining(sd, x, gamma, beta, args);
        SDVariable batchVariance = normalized.variance();
        if (unbiased) {
            SDVariable count =
                    sd.prod(sd.shape(x).castTo(batchVariance.dataType())).div(size);
            batchVariance = batchVariance.mul(count).mul(sd.math.reciprocal(count.sub(1)));
        }
        scope.update(prefix + BatchNorm.MEAN, follow(mean, normalized.mean()));
        scope.update(prefix + BatchNorm.VARIANCE, follow(variance, batchVariance));
        return normalized.output();
    }

    private SDVariable follow(SDVariable running, SDVariable batch) {
        SDVariable step = batch.mul(1 - decay);
        // a 16-bit batch has its statistics in float
        return running.mul(decay).add(step.dataType() == running.dataType() ? step : step.castTo(running.dataType()));
    }
}
