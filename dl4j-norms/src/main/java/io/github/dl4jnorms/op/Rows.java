package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.kernel.Memory;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An array as the kernels of row norms take it: contiguous {@code [rows, length]} memory.
 *
 * @param elements the array, the dimensions that are normalized over moved to the end
 */
record Rows(Contiguous elements, int rows, int length) {

    /** The elements of {@code x} to read. */
    static Rows read(INDArray x, RowNormArgs args) {
        return of(Contiguous.read(move(x, args)), x, args);
    }

    /** Room for the elements of {@code out}; {@link #finish} brings them there. */
    static Rows write(INDArray out, RowNormArgs args) {
        return of(Contiguous.write(move(out, args)), out, args);
    }

    /** The shape of the dimensions that are normalized over, which γ and β have. */
    static long[] shape(INDArray x, RowNormArgs args) {
        return args.channelsOnly() ? new long[] {x.size(1)} : Arrays.copyOfRange(x.shape(), axis(x, args), x.rank());
    }

    /** Checks the axis and makes it positive. */
    static int axis(INDArray x, RowNormArgs args) {
        int axis = args.axis() < 0 ? args.axis() + x.rank() : args.axis();
        if (axis < 0 || axis >= x.rank()) {
            throw new IllegalArgumentException("axis: takes a dimension of x, from " + -x.rank() + " to "
                    + (x.rank() - 1) + " for " + Arguments.describe(x) + ", received " + args.axis());
        }
        return axis;
    }

    /** Elements that are normalized together. */
    static long length(INDArray x, RowNormArgs args) {
        long length = 1;
        for (long size : shape(x, args)) {
            length = Math.multiplyExact(length, size);
        }
        return length;
    }

    void finish() {
        elements.finish();
    }

    /** As {@link Contiguous#keep}. */
    void keep() {
        elements.keep();
    }

    Memory memory() {
        return elements.memory();
    }

    private static Rows of(Contiguous elements, INDArray x, RowNormArgs args) {
        long length = length(x, args);
        return new Rows(elements, Math.toIntExact(elements.array().length() / length), Math.toIntExact(length));
    }

    private static INDArray move(INDArray x, RowNormArgs args) {
        int last = x.rank() - 1;
        if (!args.channelsOnly() || last < 2) {
            return x;
        }
        int[] order = IntStream.rangeClosed(0, last)
                .map(i -> i == 0 ? 0 : i == last ? 1 : i + 1)
                .toArray();
        return x.permute(order);
    }
}
