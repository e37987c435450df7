package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.kernel.Memory;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An array as the kernels of channel norms take it: contiguous {@code [examples, channels, length]} memory.
 *
 * @param elements the array, its channels moved to dimension 1
 */
record ChannelsFirst(Contiguous elements, int examples, int channels, int length) {

    /** The elements of {@code x} to read. */
    static ChannelsFirst read(INDArray x, ChannelNormArgs args) {
        return of(Contiguous.read(move(x, args)), args);
    }

    /** Room for the elements of {@code out}; {@link #finish} brings them there. */
    static ChannelsFirst write(INDArray out, ChannelNormArgs args) {
        return of(Contiguous.write(move(out, args)), args);
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

    private static ChannelsFirst of(Contiguous elements, ChannelNormArgs args) {
        long[] shape = elements.array().shape();
        boolean transposed = args.perChannel() && shape.length == 2;
        long examples = transposed ? 1 : shape[0];
        long channels = transposed ? shape[0] : shape[1];
        long all = elements.array().length();
        long length = all == 0 ? 0 : all / (examples * channels);
        return new ChannelsFirst(
                elements, Math.toIntExact(examples), Math.toIntExact(channels), Math.toIntExact(length));
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
}
