package io.github.dl4jnorms;

import io.github.dl4jnorms.op.BatchNormInferenceOp;
import io.github.dl4jnorms.op.BatchNormOp;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.ComposedGhost;
import io.github.dl4jnorms.op.ComposedSpectralNorm;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.GhostBatchNormOp;
import io.github.dl4jnorms.op.GroupNormOp;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.op.RowNormOp;
import io.github.dl4jnorms.op.SpectralNormOp;
import io.github.dl4jnorms.op.StatisticsOp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The norms as functions on SameDiff variables: differentiable, trainable with {@code SameDiff.fit}, saved and loaded with
 * the graph. On ND4J's CPU backend each is one fused operation, elsewhere it is composed of SameDiff's own.
 *
 * <p>x is {@code [N, C, …]} of any rank from 2, for {@link #layerNorm} and {@link #rmsNorm} of any shape. γ ({@code gamma})
 * and β ({@code beta}) are {@code [C]}, for these two of the shape that is normalized over, and may be null, for 1 and 0.
 * Shapes are checked when the graph runs; only then are they known.
 */
public final class SDNorms {

    private SDNorms() {}

    /** Means and biased variances. */
    public record Statistics(SDVariable mean, SDVariable variance) {}

    /**
     * BatchNorm's result together with the batch statistics it used.
     *
     * @param variance biased
     * @param count values per channel that a mask let pass, a scalar; null without a mask
     */
    public record BatchNormalized(SDVariable output, SDVariable mean, SDVariable variance, SDVariable count) {}

    /**
     * GhostBatchNorm's result together with the statistics it used, of each of V virtual batches.
     *
     * @param mean {@code [V, C]}
     * @param variance {@code [V, C]}, biased
     * @param count values per channel, {@code [V]}
     */
    public record GhostNormalized(SDVariable output, SDVariable mean, SDVariable variance, SDVariable count) {}

    /**
     * {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over the dimensions from {@code axis} to the last, for
     * each of the rest (<a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, 2016</a>).
     *
     * @param axis may be negative, to count from the last dimension, which is −1
     */
    public static SDVariable layerNorm(
            SameDiff sd, SDVariable x, int axis, SDVariable gamma, SDVariable beta, double epsilon) {
        return rowNorm(sd, x, gamma, beta, RowNormArgs.layerNorm(axis, gamma, beta, epsilon, 1));
    }

    /**
     * {@code y = γ x / √(mean of x² + ε)}, the mean over the dimensions from {@code axis} to the last, for each of the rest
     * (<a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, 2019</a>).
     *
     * @param axis may be negative, to count from the last dimension, which is −1
     */
    public static SDVariable rmsNorm(SameDiff sd, SDVariable x, int axis, SDVariable gamma, double epsilon) {
        return rowNorm(sd, x, gamma, null, RowNormArgs.rmsNorm(axis, gamma, epsilon, 1));
    }

    /** LayerNorm and RMSNorm with every attribute, a fused activation among them. */
    public static SDVariable rowNorm(SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, RowNormArgs args) {
        return Fused.available()
                ? new RowNormOp(sd, x, gamma, beta, args).outputVariables()[0]
                : Composed.rowNorm(sd, x, gamma, beta, args)[0];
    }

    /**
     * {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over each group of C / groups neighbouring channels
     * of one example (<a href="https://arxiv.org/abs/1803.08494">Wu and He, 2018</a>).
     */
    public static SDVariable groupNorm(
            SameDiff sd, SDVariable x, int groups, SDVariable gamma, SDVariable beta, double epsilon) {
        if (groups < 1) {
            throw new IllegalArgumentException("groups: takes a number greater than 0, received " + groups);
        }
        return groupNorm(sd, x, null, gamma, beta, ChannelNormArgs.of(groups, false, gamma, beta, epsilon, 1));
    }

    /**
     * InstanceNorm: GroupNorm with a group per channel, so that mean and variance are those of one channel of one example
     * (<a href="https://arxiv.org/abs/1607.08022">Ulyanov et al., 2016</a>).
     */
    public static SDVariable instanceNorm(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, double epsilon) {
        ChannelNormArgs args = ChannelNormArgs.of(ChannelNormArgs.INSTANCE, false, gamma, beta, epsilon, 1);
        return groupNorm(sd, x, null, gamma, beta, args);
    }

    /**
     * GroupNorm with every attribute, a fused activation among them.
     *
     * @param mask null, or [N, T] for sequences: where it is 0, time steps are left out of the statistics and come out as 0
     */
    public static SDVariable groupNorm(
            SameDiff sd, SDVariable x, SDVariable mask, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        return groupNorm(sd, x, mask, gamma, beta, null, args);
    }

    /**
     * The same with a residual, the end of a residual block in one pass.
     *
     * @param residual null, or of x's shape and type: added before the activation
     */
    public static SDVariable groupNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        return Fused.available() && mask == null
                ? new GroupNormOp(sd, x, gamma, beta, residual, args).outputVariables()[0]
                : Composed.groupNorm(sd, x, mask, gamma, beta, residual, args)[0];
    }

    /**
     * {@code y = γ (x − mean) / √(variance + ε) + β} with given statistics {@code [C]}: BatchNorm's evaluation mode
     * (<a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy, 2015</a>). No gradient flows to the statistics.
     */
    public static SDVariable batchNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            double epsilon) {
        ChannelNormArgs args = ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, false, gamma, beta, epsilon, 1);
        return batchNorm(sd, x, mean, variance, gamma, beta, args);
    }

    /** BatchNorm by given statistics with every attribute, a fused activation among them. */
    public static SDVariable batchNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            ChannelNormArgs args) {
        return batchNorm(sd, x, mean, variance, gamma, beta, null, args);
    }

    /**
     * The same with a residual.
     *
     * @param residual null, or of x's shape and type: added before the activation
     */
    public static SDVariable batchNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        return Fused.available()
                ? new BatchNormInferenceOp(sd, x, mean, variance, gamma, beta, residual, args).outputVariable()
                : Composed.batchNormInference(sd, x, mean, variance, gamma, beta, residual, args);
    }

    /**
     * BatchNorm in training mode: mean and biased variance of each channel over the batch and the spatial dimensions, which
     * come back with the result. More than one value per channel is needed.
     */
    public static BatchNormalized batchNormTraining(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        return batchNormTraining(sd, x, null, gamma, beta, args);
    }

    /**
     * The same of sequences.
     *
     * @param mask null, or [N, T]: where it is 0, time steps are left out of the statistics and come out as 0
     */
    public static BatchNormalized batchNormTraining(
            SameDiff sd, SDVariable x, SDVariable mask, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        return batchNormTraining(sd, x, mask, gamma, beta, null, args);
    }

    /**
     * The same with a residual, the end of a residual block in one pass.
     *
     * @param residual null, or of x's shape and type: added before the activation
     */
    public static BatchNormalized batchNormTraining(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        SDVariable[] out = Fused.available() && mask == null
                ? new BatchNormOp(sd, x, gamma, beta, residual, args).outputVariables()
                : Composed.batchNorm(sd, x, mask, gamma, beta, residual, args);
        return new BatchNormalized(out[0], out[1], out[2], mask == null ? null : out[3]);
    }

    /**
     * Mean and biased variance of each channel over the batch and the spatial dimensions, each {@code [C]}; FLOAT for 16-bit x.
     */
    public static Statistics batchStatistics(SameDiff sd, SDVariable x) {
        return statistics(sd, x, ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, false, null, null, 0, 1));
    }

    /** Mean and biased variance of the channels or groups that the attributes say. */
    public static Statistics statistics(SameDiff sd, SDVariable x, ChannelNormArgs args) {
        return statistics(sd, x, null, args);
    }

    /**
     * The same of sequences.
     *
     * @param mask null, or [N, T]: where it is 0, time steps are left out
     */
    public static Statistics statistics(SameDiff sd, SDVariable x, SDVariable mask, ChannelNormArgs args) {
        SDVariable[] out = Fused.available() && mask == null
                ? new StatisticsOp(sd, x, args).outputVariables()
                : Composed.statistics(sd, x, mask, args);
        return new Statistics(out[0], out[1]);
    }

    /**
     * AdaIN: each channel of each example of the content gets the mean and the standard deviation that the same channel of the
     * style has: {@code y = std(style) (content − mean(content)) / std(content) + mean(style)}, with
     * {@code std = √(variance + ε)} (<a href="https://arxiv.org/abs/1703.06868">Huang and Belongie, 2017</a>).
     *
     * @param content {@code [N, C, …]}, rank 3 or more
     * @param style {@code [N, C, …]}; its spatial sizes may be others
     */
    public static SDVariable adaIn(SameDiff sd, SDVariable content, SDVariable style, double epsilon) {
        return adaIn(sd, content, style, false, epsilon);
    }

    /** AdaIN with the channels as dimension 1 or as the last. */
    public static SDVariable adaIn(
            SameDiff sd, SDVariable content, SDVariable style, boolean channelsLast, double epsilon) {
        return adaIn(sd, content, null, style, null, channelsLast, epsilon);
    }

    /**
     * AdaIN of sequences.
     *
     * @param contentMask null, or [N, T]: where it is 0, time steps are left out of the statistics and come out as 0
     * @param styleMask likewise, of the style's time steps
     */
    public static SDVariable adaIn(
            SameDiff sd,
            SDVariable content,
            SDVariable contentMask,
            SDVariable style,
            SDVariable styleMask,
            boolean channelsLast,
            double epsilon) {
        ChannelNormArgs plain = ChannelNormArgs.of(ChannelNormArgs.INSTANCE, channelsLast, null, null, epsilon, 1);
        Statistics statistics = statistics(sd, style, styleMask, plain);
        SDVariable gamma = sd.math.sqrt(statistics.variance().add(epsilon));
        SDVariable beta = statistics.mean();
        ChannelNormArgs args = ChannelNormArgs.of(ChannelNormArgs.INSTANCE, channelsLast, gamma, beta, epsilon, 1);
        return groupNorm(sd, content, contentMask, gamma, beta, args.withAffinePerExample());
    }

    /**
     * BatchNorm in training mode with statistics of each virtual batch of {@code k} examples
     * (<a href="https://arxiv.org/abs/1705.08741">Hoffer, Hubara and Soudry, 2017</a>). The last one is smaller where k does
     * not divide the batch; only a single value per channel, which has no variance, goes with the virtual batch before.
     *
     * @param mask null, or [N, T]: where it is 0, time steps are left out of the statistics and come out as 0
     */
    public static GhostNormalized ghostBatchNormTraining(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            int k,
            ChannelNormArgs args) {
        SDVariable[] out = Fused.available() && mask == null
                ? new GhostBatchNormOp(sd, x, gamma, beta, k, args).outputVariables()
                : ComposedGhost.batchNorm(sd, x, mask, gamma, beta, k, args);
        return new GhostNormalized(out[0], out[1], out[2], out[3]);
    }

    /**
     * The spectral norm: the largest singular value σ of a matrix (rank 2), as a scalar. {@code dσ/dW = u vᵀ} with the
     * singular vectors of σ; where σ is a multiple singular value, one of several possible gradients. Composed of SameDiff's own
     * operations, σ may be too small by a share of {@code ln(k) / 2¹³} where other ones of the k singular values are close to it.
     */
    public static SDVariable spectralNorm(SameDiff sd, SDVariable matrix) {
        if (matrix == null) {
            throw new IllegalArgumentException("matrix: takes a variable, received null");
        }
        return Fused.available()
                ? new SpectralNormOp(sd, matrix).outputVariables()[0]
                : ComposedSpectralNorm.of(sd, matrix, 12);
    }
}
