package io.github.dl4jnorms.op;

import static io.github.dl4jnorms.op.Composed.cast;
import static io.github.dl4jnorms.op.Composed.element;
import static io.github.dl4jnorms.op.Composed.longs;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * GhostBatchNorm in SameDiff's own operations. A membership matrix [V, N] of virtual batches and examples takes sums over
 * virtual batches, and its transpose brings their statistics back to the examples, whatever N is.
 */
public final class ComposedGhost {

    private ComposedGhost() {}

    /** As {@link GhostBatchNormOp}; with a mask [N, T] over the time steps it has. */
    public static SDVariable[] batchNorm(
            SameDiff sd,
            SDVariable x,
            SDVariable mask,
            SDVariable gamma,
            SDVariable beta,
            int k,
            ChannelNormArgs args) {
        SDVariable rows = Composed.channelsFirst(sd, x, args);
        DataType type = rows.dataType();
        SDVariable members = cast(members(sd, sd.shape(rows), k), type);
        SDVariable rowMask = mask == null ? null : cast(sd.expandDims(mask, 1), type);
        SDVariable weight =
                rowMask == null ? sd.onesLike(rows) : sd.onesLike(rows).mul(rowMask);
        SDVariable counts = sd.mmul(members, weight.sum(false, 2));
        // a virtual batch that is all padding has none
        SDVariable perCount = sd.math.reciprocal(sd.math.max(counts, sd.constant(Nd4j.scalar(type, 1))));

        SDVariable mean = sd.mmul(members, rows.mul(weight).sum(false, 2)).mul(perCount);
        SDVariable centred = rows.sub(toExamples(sd, members, mean));
        SDVariable squares = sd.math.square(centred).mul(weight).sum(false, 2);
        SDVariable variance = sd.mmul(members, squares).mul(perCount);
        SDVariable normalized = centred.mul(toExamples(sd, members, Composed.inverse(sd, variance, args.epsilon())));
        SDVariable y = Composed.masked(Composed.affine(sd, normalized, gamma, beta, null, args), rowMask);
        SDVariable count = sd.max(counts, 1);
        return new SDVariable[] {Composed.restore(sd, y, x, args), mean, variance, count};
    }

    /** [V, C] to [N, C, 1]. */
    private static SDVariable toExamples(SameDiff sd, SDVariable members, SDVariable statistics) {
        return sd.expandDims(sd.mmul(members, statistics, true, false, false), 2);
    }

    /** Which example is in which virtual batch, as {@link VirtualBatches} says. */
    private static SDVariable members(SameDiff sd, SDVariable shape, int k) {
        SDVariable examples = element(sd, shape, 0);
        SDVariable single = sd.eq(element(sd, shape, 2), longs(sd, 1)).castTo(DataType.INT64);
        SDVariable divided = examples.sub(single);
        SDVariable count = sd.math.max(sd.math.floorDiv(divided.add(longs(sd, k - 1)), longs(sd, k)), longs(sd, 1));
        SDVariable batch = sd.math.min(sd.math.floorDiv(range(sd, examples), longs(sd, k)), count.sub(longs(sd, 1)));
        return sd.eq(sd.expandDims(range(sd, count), 1), sd.expandDims(batch, 0));
    }

    private static SDVariable range(SameDiff sd, SDVariable to) {
        return sd.range(
                sd.constant(Nd4j.scalar(0L)),
                sd.reshape(to, new long[0]),
                sd.constant(Nd4j.scalar(1L)),
                DataType.INT64);
    }
}
