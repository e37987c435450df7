package io.github.dl4jnorms.layer;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;

/** Numbers per channel, per channel of each example or per time step, shaped so that they go with an array of any layout. */
final class Broadcast {

    private Broadcast() {}

    /** A graph input's rank; −1 where it is not known. */
    static int rank(SDVariable x) {
        return x.getShape() == null ? -1 : x.getShape().length;
    }

    /** {@code [C]}, for an input x. */
    static SDVariable perChannel(SDVariable vector, SDVariable x, boolean channelsLast) {
        long[] shape = ones(x);
        shape[channelsLast ? shape.length - 1 : 1] = -1;
        return vector.getSameDiff().reshape(vector, shape);
    }

    /** {@code [N, C]}, for an input x of so many channels. */
    static SDVariable perExample(SDVariable matrix, SDVariable x, long channels, boolean channelsLast) {
        long[] shape = ones(x);
        shape[0] = -1;
        shape[channelsLast ? shape.length - 1 : 1] = channels;
        return matrix.getSameDiff().reshape(matrix, shape);
    }

    /** 0 where a mask {@code [N, T]} has no time step; y as it is where the mask is null. */
    static SDVariable masked(SDVariable y, SDVariable mask, boolean channelsLast) {
        if (mask == null) {
            return y;
        }
        SDVariable typed = mask.dataType() == y.dataType() ? mask : mask.castTo(y.dataType());
        return y.mul(y.getSameDiff().expandDims(typed, channelsLast ? 2 : 1));
    }

    private static long[] ones(SDVariable x) {
        long[] shape = new long[rank(x)];
        Arrays.fill(shape, 1);
        return shape;
    }
}
