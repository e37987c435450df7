package io.github.dl4jnorms.op;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The checks of what the norms are given, the same for eager functions and for operations in a graph. */
final class Arguments {

    private Arguments() {}

    /** Checks that x holds numbers that can be normalized. */
    static void floatingPoint(INDArray x) {
        if (!x.dataType().isFPType()) {
            throw new IllegalArgumentException("x: takes a floating-point type, received " + x.dataType());
        }
        if (x.length() == 0) {
            throw new IllegalArgumentException("x: takes at least one value, received " + describe(x));
        }
    }

    /** Checks x and gives its number of channels. */
    static long channels(INDArray x, ChannelNormArgs args) {
        floatingPoint(x);
        if (x.rank() < 2) {
            throw new IllegalArgumentException(
                    "x: takes an example dimension and a channel dimension, so rank 2 or more, received "
                            + describe(x));
        }
        return x.size(args.channelsLast() ? x.rank() - 1 : 1);
    }

    /** Checks a vector of one number per channel. */
    static void vector(String name, INDArray vector, INDArray x, long channels) {
        if (vector.rank() != 1 || vector.length() != channels) {
            throw new IllegalArgumentException(name + ": takes one number per channel, shape [" + channels
                    + "] for x of " + describe(x) + ", received " + describe(vector));
        }
        type(name, vector, x);
    }

    /** Checks a γ or β of a channel norm. */
    static void affine(String name, INDArray parameter, INDArray x, long channels, ChannelNormArgs args) {
        if (!args.perExample()) {
            vector(name, parameter, x, channels);
            return;
        }
        if (!Arrays.equals(parameter.shape(), new long[] {x.size(0), channels})) {
            throw new IllegalArgumentException(name + ": takes one number per channel of each example, shape ["
                    + x.size(0) + ", " + channels + "] for x of " + describe(x) + ", received "
                    + describe(parameter));
        }
        type(name, parameter, x);
    }

    /** Checks a γ or β of one number per element that is normalized over. */
    static void parameter(String name, INDArray parameter, INDArray x, long[] shape) {
        if (!Arrays.equals(parameter.shape(), shape)) {
            throw new IllegalArgumentException(name + ": takes the shape of the dimensions that are normalized over, "
                    + Arrays.toString(shape) + " for x of " + describe(x) + ", received " + describe(parameter));
        }
        type(name, parameter, x);
    }

    /** Checks an array that goes element by element with x. */
    static void like(String name, INDArray array, INDArray x) {
        if (!Arrays.equals(array.shape(), x.shape())) {
            throw new IllegalArgumentException(
                    name + ": takes x's shape " + Arrays.toString(x.shape()) + ", received " + describe(array));
        }
        if (array.dataType() != x.dataType()) {
            throw new IllegalArgumentException(
                    name + ": takes x's type " + x.dataType() + ", received " + array.dataType());
        }
    }

    /** What statistics are kept in: x's own type if it has the range for a square, FLOAT otherwise. */
    static DataType statisticsType(DataType x) {
        return x == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    }

    static String describe(INDArray array) {
        return "shape " + Arrays.toString(array.shape());
    }

    private static void type(String name, INDArray vector, INDArray x) {
        DataType statistics = statisticsType(x.dataType());
        if (vector.dataType() != x.dataType() && vector.dataType() != statistics) {
            throw new IllegalArgumentException(name + ": takes type " + x.dataType()
                    + (statistics == x.dataType() ? "" : " or " + statistics)
                    + ", as x has type " + x.dataType() + ", received " + vector.dataType());
        }
    }
}
