package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.ImageGatherOp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Images with rows and columns of their own reflection around them, fused or composed of SameDiff's own operations. */
final class ReflectionPad {

    private ReflectionPad() {}

    static SDVariable of(SameDiff sd, SDVariable x, int[] padding, boolean channelsLast) {
        return Fused.available() && x.dataType() == DataType.FLOAT
                ? ImageGatherOp.reflectionPad(sd, x, padding, channelsLast)
                : composed(sd, x, padding, channelsLast);
    }

    static SDVariable composed(SameDiff sd, SDVariable x, int[] padding, boolean channelsLast) {
        int rows = channelsLast ? 1 : 2;
        SDVariable tall = padding[0] == 0 ? x : along(sd, x, rows, padding[0]);
        return padding[1] == 0 ? tall : along(sd, tall, rows + 1, padding[1]);
    }

    private static SDVariable along(SameDiff sd, SDVariable x, int dimension, int padding) {
        SDVariable before = mirrored(sd, x, dimension, 1, 1 + padding);
        SDVariable after = mirrored(sd, x, dimension, -1 - padding, -1);
        return sd.concat(dimension, before, x, after);
    }

    /**
     * What is between two positions, negative to count from the end, in reverse. A slice with a negative stride crashes the
     * JVM in ND4J 1.0.0-M2.1.
     */
    private static SDVariable mirrored(SameDiff sd, SDVariable x, int dimension, int from, int to) {
        long[] begin = new long[4];
        long[] end = new long[4];
        long[] strides = {1, 1, 1, 1};
        begin[dimension] = from;
        end[dimension] = to;
        int whole = 0b1111 & ~(1 << dimension); // dimensions of which all is taken
        return sd.reverse(sd.stridedSlice(x, begin, end, strides, whole, whole, 0, 0, 0), dimension);
    }
}
