package io.github.dl4jnorms.op;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A batch in virtual batches of {@code size} examples, the last one smaller if need be. Where that would be a single value per
 * channel, which has no variance, it goes with the virtual batch before.
 *
 * @param examples in the whole batch
 */
record VirtualBatches(long examples, long size, long count) {

    /** The virtual batches of x. */
    static VirtualBatches of(INDArray x, int size, ChannelNormArgs args) {
        long examples = x.size(0);
        long channels = x.size(args.channelsLast() ? x.rank() - 1 : 1);
        boolean single = x.length() == examples * channels;
        long divided = single ? examples - 1 : examples;
        return new VirtualBatches(examples, size, Math.max(1, (divided + size - 1) / size));
    }

    /** The examples of virtual batch {@code i} of an array whose first dimension is that of examples. */
    INDArray slice(INDArray array, long i) {
        long from = i * size;
        long to = i == count - 1 ? examples : from + size;
        return array.get(NDArrayIndex.interval(from, to));
    }
}
