package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.RunningStatisticsOp;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
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
     * @param residual what is added before the activation, or null
     */
    public SDVariable normalize(
            Scope scope,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        if (frozen || !scope.training()) {
            return evaluate(scope, x, mask, gamma, beta, residual, args);
        }
        SDNorms.BatchNormalized normalized =
                SDNorms.batchNormTraining(scope.sameDiff(), x, mask, gamma, beta, residual, args);
        follow(scope, x, mask, normalized.mean(), normalized.variance());
        return normalized.output();
    }

    /** Renews the running statistics by the mean and the biased variance of a batch. */
    void follow(Scope scope, SDVariable x, SDVariable mask, SDVariable mean, SDVariable variance) {
        if (Fused.available() && mask == null && !cumulative) {
            SDVariable[] renewed = new RunningStatisticsOp(
                            scope.sameDiff(), mean(scope), variance(scope), mean, variance, x, decay, unbiased)
                    .outputVariables();
            scope.update(BatchNorm.MEAN, renewed[0]);
            scope.update(BatchNorm.VARIANCE, renewed[1]);
        } else {
            update(scope, mean, followed(scope, variance, count(scope, x, mask, variance.dataType())));
        }
    }

    /** Normalizes by the running statistics. */
    SDVariable evaluate(
            Scope scope,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        SDVariable y =
                SDNorms.batchNorm(scope.sameDiff(), x, mean(scope), variance(scope), gamma, beta, residual, args);
        return Broadcast.masked(y, mask, args.channelsLast());
    }

    /** The fused operation checks this by itself, the composed form cannot. */
    void check(boolean training, INDArray x) {
        if (training && !frozen && x.length() == size) {
            throw new IllegalArgumentException(
                    "x: batch statistics take more than one value per channel, received shape "
                            + Arrays.toString(x.shape()));
        }
    }

    /** The running mean. */
    SDVariable mean(Scope scope) {
        return scope.parameter(BatchNorm.MEAN);
    }

    /** The running variance. */
    SDVariable variance(Scope scope) {
        return scope.parameter(BatchNorm.VARIANCE);
    }

    /** How many values of each channel x has, those left out that a mask [N, T] does not let pass. */
    private SDVariable count(Scope scope, SDVariable x, SDVariable mask, DataType type) {
        SameDiff sd = scope.sameDiff();
        return mask == null
                ? sd.prod(sd.shape(x).castTo(type)).div(size)
                : typed(mask, type).sum();
    }

    /** The variance that the running one follows: as it is, or unbiased. */
    SDVariable followed(Scope scope, SDVariable biased, SDVariable count) {
        if (!unbiased) {
            return biased;
        }
        // a batch of one value, all others masked, has no unbiased variance
        SameDiff sd = scope.sameDiff();
        SDVariable others = sd.math.max(count.sub(1), sd.constant(Nd4j.scalar(biased.dataType(), 1)));
        return biased.mul(count).mul(sd.math.reciprocal(others));
    }

    /** Renews the running statistics by values that they follow as they are. */
    void update(Scope scope, SDVariable mean, SDVariable variance) {
        SDVariable rate = null;
        if (cumulative) {
            SDVariable batches = scope.parameter(COUNT).add(1);
            scope.update(COUNT, batches);
            rate = scope.sameDiff().math.reciprocal(batches);
        }
        scope.update(BatchNorm.MEAN, follow(mean(scope), mean, rate));
        scope.update(BatchNorm.VARIANCE, follow(variance(scope), variance, rate));
    }

    private SDVariable follow(SDVariable running, SDVariable batch, SDVariable rate) {
        // a 16-bit batch has its statistics in float
        SDVariable value = typed(batch, running.dataType());
        return rate == null
                ? running.mul(decay).add(value.mul(1 - decay))
                : running.add(value.sub(running).mul(rate));
    }

    static SDVariable typed(SDVariable x, DataType type) {
        return x.dataType() == type ? x : x.castTo(type);
    }
}
