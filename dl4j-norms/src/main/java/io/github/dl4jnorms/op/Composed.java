package io.github.dl4jnorms.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The channel norms in SameDiff's own operations: what runs where the fused ones cannot, and what they are tested against.
 * Shapes are taken from the arrays at run time, so that the batch and the spatial dimensions may change between calls.
 */
public final class Composed {

    private Composed() {}

    /** Normalized array, mean [C] and biased variance [C]. */
    public static SDVariable[] batchNorm(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SDVariable rows = channelsFirst(sd, x, args);
        SDVariable mean = rows.mean(true, 0, 2);
        SDVariable centred = rows.sub(mean);
        SDVariable variance = sd.math.square(centred).mean(true, 0, 2);
        SDVariable y = normalize(sd, centred, variance, gamma, beta, args);
        return new SDVariable[] {restore(sd, y, x, args), sd.reshape(mean, -1), sd.reshape(variance, -1)};
    }

    /** Normalized array by given statistics [C]. */
    public static SDVariable batchNormInference(
            SameDiff sd,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            ChannelNormArgs args) {
        SDVariable centred = channelsFirst(sd, x, args).sub(perChannel(sd, mean));
        return restore(sd, normalize(sd, centred, perChannel(sd, variance), gamma, beta, args), x, args);
    }

    /** Normalized array, mean [N, groups] and biased variance [N, groups]. */
    public static SDVariable[] groupNorm(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SDVariable rows = channelsFirst(sd, x, args);
        SDVariable shape = sd.shape(rows);
        SDVariable grouped =
                sd.reshape(rows, sd.concat(0, element(sd, shape, 0), longs(sd, args.groups()), longs(sd, -1)));
        SDVariable mean = grouped.mean(true, 2);
        SDVariable centred = grouped.sub(mean);
        SDVariable variance = sd.math.square(centred).mean(true, 2);
        SDVariable normalized = sd.reshape(centred.mul(inverse(sd, variance, args)), shape);
        SDVariable y = affine(sd, normalized, gamma, beta, args);
        SDVariable statistics = sd.concat(0, element(sd, shape, 0), longs(sd, args.groups()));
        return new SDVariable[] {restore(sd, y, x, args), sd.reshape(mean, statistics), sd.reshape(variance, statistics)
        };
    }

    /** 16-bit numbers have not the range for a variance: they are computed in FLOAT, as in the fused form. */
    private static SDVariable computable(SDVariable x) {
        return cast(x, Arguments.statisticsType(x.dataType()));
    }

    private static SDVariable cast(SDVariable x, DataType type) {
        return x.dataType() == type ? x : x.castTo(type);
    }

    private static SDVariable normalize(
            SameDiff sd,
            SDVariable centred,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            ChannelNormArgs args) {
        return affine(sd, centred.mul(inverse(sd, variance, args)), gamma, beta, args);
    }

    private static SDVariable inverse(SameDiff sd, SDVariable variance, ChannelNormArgs args) {
        return sd.math.reciprocal(sd.math.sqrt(variance.add(args.epsilon())));
    }

    private static SDVariable affine(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        SDVariable y = gamma == null ? x : x.mul(perChannel(sd, gamma));
        y = beta == null ? y : y.add(perChannel(sd, beta));
        return args.slope() == 1 ? y : args.slope() == 0 ? sd.nn.relu(y, 0) : sd.nn.leakyRelu(y, args.slope());
    }

    /** To [N, C, length], whatever the rank. */
    private static SDVariable channelsFirst(SameDiff sd, SDVariable x, ChannelNormArgs args) {
        SDVariable shape = sd.shape(x);
        SDVariable examples = element(sd, shape, 0);
        if (args.channelsLast()) {
            SDVariable channels = element(sd, sd.reverse(shape, 0), 0);
            return sd.permute(computable(sd.reshape(x, sd.concat(0, examples, longs(sd, -1), channels))), 0, 2, 1);
        }
        return computable(sd.reshape(x, sd.concat(0, examples, element(sd, shape, 1), longs(sd, -1))));
    }

    private static SDVariable restore(SameDiff sd, SDVariable rows, SDVariable x, ChannelNormArgs args) {
        SDVariable y = sd.reshape(args.channelsLast() ? sd.permute(rows, 0, 2, 1) : rows, sd.shape(x));
        return cast(y, x.dataType());
    }

    private static SDVariable perChannel(SameDiff sd, SDVariable vector) {
        return sd.reshape(computable(vector), 1, -1, 1);
    }

    private static SDVariable element(SameDiff sd, SDVariable shape, int i) {
        return sd.slice(shape, new int[] {i}, 1);
    }

    private static SDVariable longs(SameDiff sd, long value) {
        return sd.constant(Nd4j.createFromArray(value));
    }
}
