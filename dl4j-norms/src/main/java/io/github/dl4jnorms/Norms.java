package io.github.dl4jnorms;

import io.github.dl4jnorms.op.BatchNormInferenceOp;
import io.github.dl4jnorms.op.BatchNormOp;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.GroupNormOp;
import io.github.dl4jnorms.op.SingularTriple;
import io.github.dl4jnorms.op.SpectralNormOp;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The norms as functions on arrays, run at once.
 *
 * <p>x is {@code [N, C, …]} of any rank from 2, order, view or stride, and of type FLOAT, DOUBLE, or a 16-bit one, which is
 * computed in FLOAT. γ ({@code gamma}) and β ({@code beta}) are {@code [C]} of x's type, or FLOAT for 16-bit x, and may be
 * null, for 1 and 0. Variances are biased and centred. {@code epsilon} is at least 0; usual is 1e-5.
 *
 * <p>A function with {@code out} writes there and returns it; {@code out} has x's shape and type and may be x itself. Without,
 * the result is a new array, in the current workspace if there is one. x is left as it is.
 *
 * <p>Wrong arguments throw an {@link IllegalArgumentException} that names the argument, what it takes and what it got.
 */
public final class Norms {

    private Norms() {}

    /**
     * GroupNorm: {@code y = γ (x − mean) / √(variance + ε) + β}, mean and variance over each group of C / groups neighbouring
     * channels of one example (<a href="https://arxiv.org/abs/1803.08494">Wu and He, 2018</a>).
     *
     * @param groups a divisor of C
     */
    public static INDArray groupNorm(INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon) {
        return perExample(x, groups, gamma, beta, epsilon, null);
    }

    /** {@link #groupNorm(INDArray, int, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray groupNorm(
            INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return perExample(x, groups, gamma, beta, epsilon, given("out", out));
    }

    /**
     * InstanceNorm: GroupNorm with a group per channel, so that mean and variance are those of one channel of one example
     * (<a href="https://arxiv.org/abs/1607.08022">Ulyanov et al., 2016</a>). x has rank 3 or more.
     */
    public static INDArray instanceNorm(INDArray x, INDArray gamma, INDArray beta, double epsilon) {
        return perExample(x, channels(x), gamma, beta, epsilon, null);
    }

    /** {@link #instanceNorm(INDArray, INDArray, INDArray, double)} into {@code out}. */
    public static INDArray instanceNorm(INDArray x, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        return perExample(x, channels(x), gamma, beta, epsilon, given("out", out));
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
        ChannelNormArgs args = perChannel(null, null, 0);
        BatchNormOp op = new BatchNormOp(args);
        long channels = op.channels(given("x", x));
        DataType type = x.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        INDArray mean = Nd4j.createUninitialized(type, channels);
        INDArray variance = Nd4j.createUninitialized(type, channels);
        if (Fused.available()) {
            op.statistics(x, mean, variance);
        } else {
            Evaluation graph = new Evaluation();
            SDVariable[] y = Composed.batchNorm(graph.sameDiff, graph.variable("x", x), null, null, args);
            graph.run(y[1], mean);
            graph.run(y[2], variance);
        }
        return new BatchStatistics(mean, variance);
    }

    private static INDArray perExample(
            INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        ChannelNormArgs args = new ChannelNormArgs(groups, false, gamma != null, beta != null, epsilon, 1);
        GroupNormOp op = new GroupNormOp(args);
        List<INDArray> inputs = present(given("x", x), gamma, beta);
        op.check(inputs);
        INDArray y = output(x, out);
        if (Fused.available()) {
            op.execute(inputs, List.of(y));
        } else {
            Evaluation graph = new Evaluation();
            graph.run(
                    Composed.groupNorm(
                            graph.sameDiff,
                            graph.variable("x", x),
                            graph.variable("gamma", gamma),
                            graph.variable("beta", beta),
                            args)[0],
                    y);
        }
        return y;
    }

    private static INDArray byStatistics(
            INDArray x, INDArray mean, INDArray variance, INDArray gamma, INDArray beta, double epsilon, INDArray out) {
        ChannelNormArgs args = perChannel(gamma, beta, epsilon);
        BatchNormInferenceOp op = new BatchNormInferenceOp(args);
        List<INDArray> inputs = present(given("x", x), given("mean", mean), given("variance", variance), gamma, beta);
        op.check(inputs);
        INDArray y = output(x, out);
        if (Fused.available()) {
            op.execute(inputs, List.of(y));
        } else {
            Evaluation graph = new Evaluation();
            graph.run(
                    Composed.batchNormInference(
                            graph.sameDiff,
                            graph.variable("x", x),
                            graph.variable("mean", mean),
                            graph.variable("variance", variance),
                            graph.variable("gamma", gamma),
                            graph.variable("beta", beta),
                            args),
                    y);
        }
        return y;
    }

    private static ChannelNormArgs perChannel(INDArray gamma, INDArray beta, double epsilon) {
        return new ChannelNormArgs(ChannelNormArgs.PER_CHANNEL, false, gamma != null, beta != null, epsilon, 1);
    }

    private static int channels(INDArray x) {
        if (given("x", x).rank() < 3) {
            throw new IllegalArgumentException("x: instance statistics take a spatial dimension, so rank 3 or more,"
                    + " received shape " + Arrays.toString(x.shape()));
        }
        return Math.toIntExact(x.size(1));
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

    private static List<INDArray> present(INDArray... arrays) {
        return Stream.of(arrays).filter(Objects::nonNull).toList();
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
}
