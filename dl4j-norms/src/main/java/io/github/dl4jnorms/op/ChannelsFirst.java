package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.Memory;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An array of any order, view or stride as the kernels take it: contiguous {@code [examples, channels, length]} memory. The
 * array itself where it is that already, a copy otherwise.
 *
 * @param view the array, its channels moved to dimension 1 without copying
 * @param contiguous its elements in row-major order
 */
record ChannelsFirst(INDArray view, INDArray contiguous, int examples, int channels, int length) {

    /** The elements of {@code x} to read. */
    static ChannelsFirst read(INDArray x, ChannelNormArgs args) {
        INDArray view = move(x, args);
        INDArray computable = computable(view.dataType()) ? view : view.castTo(DataType.FLOAT);
        return of(view, isRowMajor(computable) ? computable : computable.dup('c'), args);
    }

    /** Room for the elements of {@code out}; {@link #finish} brings them there. */
    static ChannelsFirst write(INDArray out, ChannelNormArgs args) {
        INDArray view = move(out, args);
        boolean direct = computable(view.dataType()) && isRowMajor(view);
        DataType type = computable(view.dataType()) ? view.dataType() : DataType.FLOAT;
        return of(view, direct ? view : Nd4j.createUninitialized(type, view.shape(), 'c'), args);
    }

    void finish() {
        if (view != contiguous) {
            view.assign(contiguous);
        }
        keep();
    }

    Memory memory() {
        return memory(contiguous);
    }

    /**
     * Keeps the memory until here: ND4J frees an array that Java code no longer refers to, and a kernel refers to its address
     * only.
     */
    void keep() {
        Reference.reachabilityFence(this);
    }

    /** The elements of a vector, or null for null. */
    static double[] doubles(INDArray vector) {
        if (vector == null) {
            return null;
        }
        if (!computable(vector.dataType()) || !isRowMajor(vector)) {
            return vector.toDoubleVector();
        }
        double[] values = memory(vector).toArray(); // many times as fast, and there is one in every norm
        Reference.reachabilityFence(vector);
        return values;
    }

    /** Copies values into an array of as many elements, in row-major order. */
    static void store(double[] values, INDArray out) {
        if (computable(out.dataType()) && isRowMajor(out)) {
            memory(out).set(values);
            Reference.reachabilityFence(out);
        } else {
            out.assign(Nd4j.createFromArray(values).reshape(out.shape()).castTo(out.dataType()));
        }
    }

    private static ChannelsFirst of(INDArray view, INDArray contiguous, ChannelNormArgs args) {
        long[] shape = view.shape();
        boolean transposed = args.perChannel() && shape.length == 2;
        long examples = transposed ? 1 : shape[0];
        long channels = transposed ? shape[0] : shape[1];
        long length = view.length() == 0 ? 0 : view.length() / (examples * channels);
        return new ChannelsFirst(
                view, contiguous, Math.toIntExact(examples), Math.toIntExact(channels), Math.toIntExact(length));
    }

    /** Channels to dimension 1. A matrix whose columns are normalized becomes one example, its rows the channels. */
    private static INDArray move(INDArray x, ChannelNormArgs args) {
        int rank = x.rank();
        if (rank == 2) {
            return args.perChannel() ? x.transpose() : x;
        }
        if (!args.channelsLast()) {
            return x;
        }
        int[] order = IntStream.range(0, rank)
                .map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1)
                .toArray();
        return x.permute(order);
    }

    private static boolean computable(DataType type) {
        return type == DataType.FLOAT || type == DataType.DOUBLE;
    }

    private static boolean isRowMajor(INDArray x) {
        return Arrays.equals(x.stride(), ArrayUtil.calcStrides(x.shape()));
    }

    private static Memory memory(INDArray x) {
        long bytes = x.length() * x.dataType().width();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("x: takes up to 2 GiB, received " + bytes + " bytes");
        }
        // a view's buffer points at the start of the array that it is a view of
        long address = x.data().pointer().address() + x.offset() * x.dataType().width();
        PagedPointer start = new PagedPointer(address);
        return x.dataType() == DataType.FLOAT
                ? new Memory(start.asFloatPointer().capacity(x.length()).asBuffer())
                : new Memory(start.asDoublePointer().capacity(x.length()).asBuffer());
    }
}
