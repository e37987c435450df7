package io.github.dl4jnorms.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The norms in SameDiff's own operations: what runs where the fused ones cannot, and what they are tested against. Shapes are
 * taken from the arrays at run time, so that the batch and the spatial dimensions may change between calls.
 *
 * <p>A mask [N, T] leaves time steps out of the statistics, and lets 0 come out for them; only this form takes one.
 */
public final class Composed {

    private Composed() {}

    /** Normalized array, mean [C] and biased variance [C]; with a mask also how many values per channel there were. */
    public static SDVariable[] batchNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        SDVariable rows = channelsFirst(sd, x, args);
        SDVariable rowMask = mask == null ? null : sd.expandDims(mask, 1);
        Statistics statistics = Statistics.of(sd, rows, rowMask, args.centred(), 0, 2);
        SDVariable y = affine(sd, statistics.normalized(sd, args.epsilon()), gamma, beta, residual, args);
        SDVariable out = restore(sd, masked(y, rowMask), x, args);
        SDVariable mean = sd.reshape(statistics.mean(), -1);
        SDVariable variance = sd.reshape(statistics.variance(), -1);
        return mask == null
                ? new SDVariable[] {out, mean, variance}
                : new SDVariable[] {
                    out, mean, variance, cast(mask, variance.dataType()).sum()
                };
    }

    /** Normalized array by given statistics [C]. */
    public static SDVariable batchNormInference(
            SameDiff sd,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        SDVariable centred = channelsFirst(sd, x, args).sub(perChannel(sd, mean));
        SDVariable normalized = centred.mul(inverse(sd, perChannel(sd, variance), args.epsilon()));
        return restore(sd, affine(sd, normalized, gamma, beta, residual, args), x, args);
    }

    /** Normalized array, mean [N, groups] and biased variance [N, groups]. */
    public static SDVariable[] groupNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        SDVariable rows = channelsFirst(sd, x, args);
        SDVariable rowMask = mask == null ? null : sd.expandDims(mask, 1);
        SDVariable shape = sd.shape(rows);
        SDVariable groups =
                args.groups() == ChannelNormArgs.INSTANCE ? element(sd, shape, 1) : longs(sd, args.groups());
        SDVariable perGroup = sd.concat(0, element(sd, shape, 0), groups);
        SDVariable grouped = sd.reshape(rows, sd.concat(0, perGroup, longs(sd, -1), element(sd, shape, 2)));
        SDVariable groupMask = mask == null ? null : sd.expandDims(rowMask, 1);
        Statistics statistics = Statistics.of(sd, grouped, groupMask, args.centred(), 2, 3);
        SDVariable normalized = sd.reshape(statistics.normalized(sd, args.epsilon()), shape);
        SDVariable y = masked(affine(sd, normalized, gamma, beta, residual, args), rowMask);
        return new SDVariable[] {
            restore(sd, y, x, args),
            sd.reshape(statistics.mean(), perGroup),
            sd.reshape(statistics.variance(), perGroup)
        };
    }

    /** Mean and biased variance, [C] or [N, groups], as the attributes say. */
    public static SDVariable[] statistics(SameDiff sd, SDVariable x, SDVariable mask, ChannelNormArgs args) {
        SDVariable[] out = args.perChannel()
                ? batchNorm(sd, x, mask, null, null, null, args)
                : groupNorm(sd, x, mask, null, null, null, args);
        return new SDVariable[] {out[1], out[2]};
    }

    /** Normalized array, mean [rows] and biased variance [rows]. */
    public static SDVariable[] rowNorm(SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, RowNormArgs args) {
        SDVariable shape = sd.shape(x);
        SDVariable examples = element(sd, shape, 0);
        SDVariable channelsLast = args.channelsOnly()
                ? sd.permute(sd.reshape(x, sd.concat(0, examples, element(sd, shape, 1), longs(sd, -1))), 0, 2, 1)
                : x;
        SDVariable rows = computable(sd.reshape(channelsLast, rowsShape(sd, shape, args)));
        Statistics statistics = Statistics.of(sd, rows, null, args.centred(), 1);
        SDVariable y = statistics.normalized(sd, args.epsilon());
        y = gamma == null ? y : y.mul(sd.reshape(computable(gamma), 1, -1));
        y = beta == null ? y : y.add(sd.reshape(computable(beta), 1, -1));
        y = sd.reshape(leaky(sd, y, args.slope()), sd.shape(channelsLast));
        y = args.channelsOnly() ? sd.reshape(sd.permute(y, 0, 2, 1), shape) : y;
        return new SDVariable[] {
            cast(y, x.dataType()), sd.reshape(statistics.mean(), -1), sd.reshape(statistics.variance(), -1)
        };
    }

    /** The shape [rows, length]. */
    private static SDVariable rowsShape(SameDiff sd, SDVariable shape, RowNormArgs args) {
        if (args.channelsOnly()) {
            return sd.concat(0, longs(sd, -1), element(sd, shape, 1));
        }
        if (args.axis() == 0) {
            return longs(sd, 1, -1);
        }
        int count = Math.abs(args.axis());
        SDVariable dimensions = sd.slice(args.axis() < 0 ? sd.reverse(shape, 0) : shape, new int[] {0}, count);
        SDVariable product = sd.reshape(sd.prod(dimensions), 1);
        return args.axis() < 0 ? sd.concat(0, longs(sd, -1), product) : sd.concat(0, product, longs(sd, -1));
    }

    /** Statistics, with their dimensions kept, and the array with the mean taken away. */
    private record Statistics(SDVariable mean, SDVariable variance, SDVariable centred) {

        static Statistics of(SameDiff sd, SDVariable x, SDVariable mask, boolean centred, int... dimensions) {
            SDVariable weight = mask == null ? null : sd.onesLike(x).mul(cast(mask, x.dataType()));
            if (!centred) {
                SDVariable square = mean(sd, sd.math.square(x), weight, dimensions);
                return new Statistics(sd.zerosLike(square), square, x);
            }
            SDVariable mean = mean(sd, x, weight, dimensions);
            SDVariable difference = x.sub(mean);
            return new Statistics(mean, mean(sd, sd.math.square(difference), weight, dimensions), difference);
        }

        private static SDVariable mean(SameDiff sd, SDVariable x, SDVariable weight, int... dimensions) {
            if (weight == null) {
                return x.mean(true, dimensions);
            }
            // an example that is all padding has none
            SDVariable count = sd.math.max(weight.sum(true, dimensions), sd.constant(Nd4j.scalar(x.dataType(), 1)));
            return x.mul(weight).sum(true, dimensions).mul(sd.math.reciprocal(count));
        }

        SDVariable normalized(SameDiff sd, double epsilon) {
            return centred.mul(inverse(sd, variance, epsilon));
        }
    }

    static SDVariable masked(SDVariable x, SDVariable mask) {
        return mask == null ? x : x.mul(cast(mask, x.dataType()));
    }

    /** 16-bit numbers have not the range for a variance: they are computed in FLOAT, as in the fused form. */
    private static SDVariable computable(SDVariable x) {
        return cast(x, Arguments.statisticsType(x.dataType()));
    }

    static SDVariable cast(SDVariable x, DataType type) {
        return x.dataType() == type ? x : x.castTo(type);
    }

    static SDVariable inverse(SameDiff sd, SDVariable variance, double epsilon) {
        return sd.math.reciprocal(sd.math.sqrt(variance.add(epsilon)));
    }

    static SDVariable affine(
            SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta, SDVariable residual, ChannelNormArgs args) {
        SDVariable y = gamma == null ? x : x.mul(parameter(sd, gamma, args));
        y = beta == null ? y : y.add(parameter(sd, beta, args));
        y = residual == null ? y : y.add(channelsFirst(sd, residual, args));
        return leaky(sd, y, args.slope());
    }

    private static SDVariable leaky(SameDiff sd, SDVariable x, double slope) {
        return slope == 1 ? x : slope == 0 ? sd.nn.relu(x, 0) : sd.nn.leakyRelu(x, slope);
    }

    /** To [N, C, length], whatever the rank. */
    static SDVariable channelsFirst(SameDiff sd, SDVariable x, ChannelNormArgs args) {
        SDVariable shape = sd.shape(x);
        SDVariable examples = element(sd, shape, 0);
        if (args.channelsLast()) {
            SDVariable channels = element(sd, sd.reverse(shape, 0), 0);
            return sd.permute(computable(sd.reshape(x, sd.concat(0, examples, longs(sd, -1), channels))), 0, 2, 1);
        }
        return computable(sd.reshape(x, sd.concat(0, examples, element(sd, shape, 1), longs(sd, -1))));
    }

    static SDVariable restore(SameDiff sd, SDVariable rows, SDVariable x, ChannelNormArgs args) {
        SDVariable y = sd.reshape(args.channelsLast() ? sd.permute(rows, 0, 2, 1) : rows, sd.shape(x));
        return cast(y, x.dataType());
    }

    private static SDVariable parameter(SameDiff sd, SDVariable parameter, ChannelNormArgs args) {
        return args.perExample() ? sd.expandDims(computable(parameter), 2) : perChannel(sd, parameter);
    }

    private static SDVariable perChannel(SameDiff sd, SDVariable vector) {
        return sd.reshape(computable(vector), 1, -1, 1);
    }

    static SDVariable element(SameDiff sd, SDVariable shape, int i) {
        return sd.slice(shape, new int[] {i}, 1);
    }

    static SDVariable longs(SameDiff sd, long... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }
}
