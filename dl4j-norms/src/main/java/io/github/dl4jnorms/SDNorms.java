package io.github.dl4jnorms;

import io.github.dl4jnorms.op.BatchNormInferenceOp;
import io.github.dl4jnorms.op.BatchNormOp;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.ComposedSpectralNorm;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.GroupNormOp;
import io.github.dl4jnorms.op.SpectralNormOp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The norms as functions on SameDiff variables: differentiable, trainable with {@code SameDiff.fit}, saved and loaded with
 * the graph. On ND4J's CPU backend each is one fused operation, elsewhere it is composed of SameDiff's own.
 *
 * <p>x is {@code [N, C, …]} of any rank from 2; γ ({@code gamma}) and β ({@code beta}) are {@code [C]} and may be null, for
 * 1 and 0. Shapes are checked when the graph runs; only then are they known.
 */
public final class SDNorms {

    private SDNorms() {}

    /** A norm's result together with the statistics it used. */
    public record WithStatistics(SDVariable output, SDVariable mean, SDVariable variance) {}

    /**
     * {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over each group of C / groups neighbouring channels
     * of one example (<a href="https://arxiv.org/abs/1803.08494">Wu and He, 2018</a>).
     */
    public static SDVariable groupNorm(
            SameDiff sd, SDVariable x, int groups, SDVariable gamma, SDVariable beta, double epsilon) {
        return groupNorm(sd, x, gamma, beta, ChannelNormArgs.of(groups, false, gamma, beta, epsilon, 1));
    }

    /** GroupNorm with every attribute, a fused activation among them. */
    public static SDVariable groupNorm(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        if (args.groups() < 1) {
            throw new IllegalArgumentException("groups: takes a number greater than 0, received " + args.groups());
        }
        return Fused.available()
                ? new GroupNormOp(sd, x, gamma, beta, args).outputVariables()[0]
                : Composed.groupNorm(sd, x, gamma, beta, args)[0];
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
        return Fused.available()
                ? new BatchNormInferenceOp(sd, x, mean, variance, gamma, beta, args).outputVariable()
                : Composed.batchNormInference(sd, x, mean, variance, gamma, beta, args);
    }

    /**
     * BatchNorm in training mode: mean and biased variance of each channel over the batch and the spatial dimensions, which
     * come back with the result. More than one value per channel is needed.
     */
    public static WithStatistics batchNormTraining(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SDVariable[] out = Fused.available()
                ? new BatchNormOp(sd, x, gamma, beta, args).outputVariables()
                : Composed.batchNorm(sd, x, gamma, beta, args);
        return new WithStatistics(out[0], out[1], out[2]);
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
