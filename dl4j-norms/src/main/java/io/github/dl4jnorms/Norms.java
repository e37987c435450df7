package io.github.dl4jnorms;

import io.github.dl4jnorms.op.BatchNormInferenceOp;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.GroupNormOp;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.op.RowNormOp;
import io.github.dl4jnorms.op.SingularTriple;
import io.github.dl4jnorms.op.SpectralNormOp;
import io.github.dl4jnorms.op.StatisticsOp;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The norms as functions on arrays, run at once.
 *
 * <p>x is {@code [N, C, …]} of any rank from 2, order, view or stride, and of type FLOAT, DOUBLE, or a 16-bit one, which is
 * computed in FLOAT. γ ({@code gamma}) and β ({@code beta}) are {@code [C]}, unless a function says otherwise, of x's type, or
 * FLOAT for 16-bit x, and may be null, for 1 and 0. Variances are biased and centred. {@code epsilon} is at least 0; usual is 1e-5.
 *
 * <p>A function with {@code out} writes there and returns it; {@code out} has x's shape and type and may be x itself. Without,
 * the result is a new array, in the current workspace if there is one. x is left as it is.
 *
 * <p>Wrong arguments throw an {@link IllegalArgumentException} that names the argument, what it takes and what it got.
 */
public final class Norms {

    private Norms() {}

    /**
     * LayerNorm: {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over the dimensions from {@code axis} to the
     * last, for each of the rest (<a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, 2016</a>). γ and β have the
     * shape of these dimensions.
     *
     * @param x of any shape
     * @param axis the first dimension to normalize over; may be negative, to count from the last, which is −1
     */
    public static INDArray layerNorm(INDArray x, int axis, INDArray gamma, INDArray beta, double epsilon) {
        return perRow(x, axis, true, gamma, beta, epsilon, null);
    }

    /** {@link #layerNorm(INDArray, int, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray layerNorm(
            INDArray x, int axis, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return perRow(x, axis, true, gamma, beta, epsilon, given("out", out));
    }

    /**
     * RMSNorm: {@code y = γ x / √(mean of x² + ε)}, the mean over the dimensions from {@code axis} to the last, for each of the
     * rest (<a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, 2019</a>). γ has the shape of these dimensions.
     *
     * @param x of any shape
     * @param axis the first dimension to normalize over; may be negative, to count from the last, which is −1
     */
    public static INDArray rmsNorm(INDArray x, int axis, INDArray gamma, double epsilon) {
        return perRow(x, axis, false, gamma, null, epsilon, null);
    }

    /** {@link #rmsNorm(INDArray, int, INDArray, double)} into {@code out}. */
    public static INDArray rmsNorm(INDArray x, int axis, INDArray gamma, double epsilon, INDArray out) {
        return perRow(x, axis, false, gamma, null, epsilon, given("out", out));
    }

    /**
     * GroupNorm: {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over each group of C / groups neighbouring
     * channels of one example (<a href="https://arxiv.org/abs/1803.08494">Wu and He, 2018</a>).
     *
     * @param groups a divisor of C
     */
    public static INDArray groupNorm(INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon) {
        return perExample(x, divisor(x, groups), gamma, beta, epsilon, null);
    }

    /** {@link #groupNorm(INDArray, int, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray groupNorm(
            INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return perExample(x, divisor(x, groups), gamma, beta, epsilon, given("out", out));
    }

    /**
     * InstanceNorm: GroupNorm with a group per channel, so that mean and variance are those of one channel of one example
     * (<a href="https://arxiv.org/abs/1607.08022">Ulyanov et al., 2016</a>). x has rank 3 or more.
     */
    public static INDArray instanceNorm(INDArray x, INDArray gamma, INDArray beta, double epsilon) {
        return perExample(spatial("x", x), ChannelNormArgs.INSTANCE, gamma, beta, epsilon, null);
    }

    /** {@link #instanceNorm(INDArray, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray instanceNorm(INDArray x, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return perExample(spatial("x", x), ChannelNormArgs.INSTANCE, gamma, beta, epsilon, given("out", out));
    }

    /**
     * BatchNorm by given statistics: {@code y = γ (x − mean) / √(variance + ε) + β}
     * (<a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy, 2015</a>).
     *
     * @param mean {@code [C]}
     * @param variance {@code [C]}
     */
    public static INDArray batchNorm(
            INDArray x, INDArray mean, INDArray variance, INDArray gamma, INDArray beta, double epsilon) {
        return byStatistics(x, mean, variance, gamma, beta, epsilon, null);
    }

    /** {@link #batchNorm(INDArray, INDArray, INDArray, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray batchNorm(
            INDArray x, INDArray mean, INDArray variance, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return byStatistics(x, mean, variance, gamma, beta, epsilon, given("out", out));
    }

    /** Mean and biased variance of each channel, over the batch and the spatial dimensions; FLOAT for 16-bit x. */
    public static BatchStatistics batchStatistics(INDArray x) {
        return statistics(given("x", x), ChannelNormArgs.PER_CHANNEL);
    }

    /**
     * AdaIN: each channel of each example of the content gets the mean and the standard deviation that the same channel of the
     * style has: {@code y = std(style) (content − mean(content)) / std(content) + mean(style)}, with
     * {@code std = √(variance + ε)} (<a href="https://arxiv.org/abs/1703.06868">Huang and Belongie, 2017</a>).
     *
     * @param content {@code [N, C, …]}, rank 3 or more
     * @param style {@code [N, C, …]} of the content's type; its spatial sizes may be others
     */
    public static INDArray adaIn(INDArray content, INDArray style, double epsilon) {
        return adaptive(content, style, epsilon, null);
    }

    /** {@link #adaIn(INDArray, INDArray, double)} into {@code out}. */
    public static INDArray adaIn(INDArray content, INDArray style, double epsilon, INDArray out) {
        return adaptive(content, style, epsilon, given("out", out));
    }

    /**
     * The spectral norm: the largest singular value of a matrix, the most by which it can lengthen a vector. Computed in
     * double precision; NaN for a matrix that has a NaN or an infinity.
     *
     * @param matrix rank 2, of any order or view, and of a floating-point type
     */
    public static double spectralNorm(INDArray matrix) {
        SpectralNormOp.checkMatrix(matrix);
        return SingularTriple.of(matrix).value();
    }

    private static INDArray perRow(
            INDArray x, int axis, boolean centred, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        RowNormArgs args = new RowNormArgs(axis, false, centred, gamma != null, beta != null, epsilon, 1);
        INDArray y = output(given("x", x), out);
        Evaluation.run(
                new RowNormOp(args),
                (sd, in) -> Composed.rowNorm(sd, in[0], in[1], in[2], args),
                List.of(y),
                x,
                gamma,
                beta);
        return y;
    }

    private static INDArray perExample(
            INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return groupNorm(x, args(groups, gamma, beta, epsilon), gamma, beta, out);
    }

    private static INDArray groupNorm(INDArray x, ChannelNormArgs args, INDArray gamma, INDArray beta, INDArray out) {
        INDArray y = output(given("x", x), out);
        Evaluation.run(
                new GroupNormOp(args),
                (sd, in) -> Composed.groupNorm(sd, in[0], null, in[1], in[2], null, args),
                List.of(y),
                x,
                gamma,
                beta);
        return y;
    }

    private static INDArray byStatistics(
            INDArray x, INDArray mean, INDArray variance, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        ChannelNormArgs args = args(ChannelNormArgs.PER_CHANNEL, gamma, beta, epsilon);
        INDArray y = output(given("x", x), out);
        Evaluation.run(
                new BatchNormInferenceOp(args),
                (sd, in) ->
                        new SDVariable[] {Composed.batchNormInference(sd, in[0], in[1], in[2], in[3], in[4], null, args)
                        },
                List.of(y),
                x,
                given("mean", mean),
                given("variance", variance),
                gamma,
                beta);
        return y;
    }

    private static INDArray adaptive(INDArray content, INDArray style, double epsilon, INDArray out) {
        spatial("content", content);
        spatial("style", style);
        if (style.size(0) != content.size(0)
                || style.size(1) != content.size(1)
                || style.dataType() != content.dataType()) {
            throw new IllegalArgumentException("style: takes the content's examples, channels and type, ["
                    + content.size(0) + ", " + content.size(1) + ", …] " + content.dataType() + ", received "
                    + Arrays.toString(style.shape()) + " " + style.dataType());
        }
        BatchStatistics statistics = statistics(style, ChannelNormArgs.INSTANCE);
        INDArray gamma = Transforms.sqrt(statistics.variance().addi(epsilon), false);
        INDArray beta = statistics.mean();
        ChannelNormArgs args =
                args(ChannelNormArgs.INSTANCE, gamma, beta, epsilon).withAffinePerExample();
        return groupNorm(content, args, gamma, beta, out);
    }

    private static BatchStatistics statistics(INDArray x, int groups) {
        ChannelNormArgs args = args(groups, null, null, 0);
        StatisticsOp op = new StatisticsOp(args);
        List<INDArray> x1 = List.of(x);
        op.check(x1);
        long[] shape = op.outputShapes(x1)[0];
        DataType type = op.calculateOutputDataTypes(List.of(x.dataType())).get(0);
        INDArray mean = Nd4j.createUninitialized(type, shape, 'c');
        INDArray variance = Nd4j.createUninitialized(type, shape, 'c');
        Evaluation.run(op, (sd, in) -> Composed.statistics(sd, in[0], null, args), List.of(mean, variance), x);
        return new BatchStatistics(mean, variance);
    }

    private static ChannelNormArgs args(int groups, INDArray gamma, INDArray beta, double epsilon) {
        return new ChannelNormArgs(groups, false, false, true, gamma != null, beta != null, false, epsilon, 1);
    }

    private static int divisor(INDArray x, int groups) {
        if (groups < 1 && given("x", x).rank() > 1) {
            throw new IllegalArgumentException(
                    "groups: takes a divisor of the " + x.size(1) + " channels, received " + groups);
        }
        return groups;
    }

    private static INDArray spatial(String name, INDArray x) {
        if (given(name, x).rank() < 3) {
            throw new IllegalArgumentException(
                    name + ": instance statistics take a spatial dimension, so rank 3 or more," + " received shape "
                            + Arrays.toString(x.shape()));
        }
        return x;
    }

    private static INDArray output(INDArray x, INDArray out) {
        if (out == null) {
            return Nd4j.createUninitialized(x.dataType(), x.shape(), 'c');
        }
        if (!Arrays.equals(out.shape(), x.shape()) || out.dataType() != x.dataType()) {
            throw new IllegalArgumentException("out: takes x's shape " + Arrays.toString(x.shape()) + " and type "
                    + x.dataType() + ", received " + Arrays.toString(out.shape()) + " and " + out.dataType());
        }
        return out;
    }

    private static INDArray given(String name, INDArray array) {
        if (array == null) {
            throw new IllegalArgumentException(name + ": takes an array, received null");
        }
        return array;
    }
}
