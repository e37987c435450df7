package io.github.dl4jnorms.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The spectral norm in SameDiff's own operations. With the smaller one of W Wᵀ and Wᵀ W called G, the matrix
 * {@code B = Gᴺ / ‖Gᴺ‖} tends to the projection on the singular vectors of the largest singular value, and
 * {@code σ² = tr(B G) / tr B}, whatever the start, as there is none. For k singular values, σ is too small by a share of at most
 * {@code ln(k) / 2N}, and by rounding.
 */
public final class ComposedSpectralNorm {

    private ComposedSpectralNorm() {}

    /**
     * The largest singular value of a matrix, as a scalar; NaN for a matrix of zeros.
     *
     * @param squarings how many give N = 2^squarings. SameDiff's own session, though not our runtime, walks along every path of
     *     a graph, and so takes time in proportion to N: seconds for 2¹⁶
     */
    public static SDVariable of(SameDiff sd, SDVariable matrix, int squarings) {
        DataType type = Arguments.statisticsType(matrix.dataType());
        SDVariable w = cast(matrix, type);
        long[] shape = matrix.getShape();
        boolean wide = shape == null || shape[0] <= shape[1];
        SDVariable gram = sd.mmul(w, w, !wide, wide, false);
        SDVariable b = normalize(sd, gram.mul(sd.math.reciprocal(sd.sum(sd.math.square(w)))));
        for (int i = 0; i < squarings; i++) {
            b = normalize(sd, sd.mmul(b, b));
        }
        SDVariable projection = constant(b, type);
        SDVariable square = sd.sum(projection.mul(gram)).mul(sd.math.reciprocal(sd.math.trace(projection)));
        return cast(sd.math.sqrt(square), matrix.dataType());
    }

    /** To a Frobenius norm of 1, from one of 1e-8 or more. A single use of b, which would double the graph's paths. */
    private static SDVariable normalize(SameDiff sd, SDVariable b) {
        return sd.math.clipByNorm(b.mul(1e8), 1);
    }

    /**
     * Numbers of up to 1 as fixed-point ones and back, which no gradient passes: that of the projection contributes nothing.
     */
    private static SDVariable constant(SDVariable x, DataType type) {
        double unit = type == DataType.DOUBLE ? 0x1p-52 : 0x1p-30;
        return x.mul(1 / unit).castTo(DataType.INT64).castTo(type).mul(unit);
    }

    private static SDVariable cast(SDVariable x, DataType type) {
        return x.dataType() == type ? x : x.castTo(type);
    }
}
