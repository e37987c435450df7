package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.random;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Matrices with given singular values, and LAPACK's word on any matrix's. */
public final class SpectralMatrices {

    private SpectralMatrices() {}

    /** Columns that are orthonormal. */
    public static INDArray orthonormal(int seed, int rows, int columns) {
        INDArray a = random(seed, DataType.DOUBLE, rows, columns).dup('f');
        INDArray r = Nd4j.create(DataType.DOUBLE, new long[] {columns, columns}, 'f');
        Nd4j.getBlasWrapper().lapack().geqrf(a, r);
        return a;
    }

    /** U diag(values) Vᵀ. */
    public static INDArray withSingularValues(int seed, int rows, int columns, double... values) {
        INDArray u = orthonormal(seed, rows, values.length);
        INDArray v = orthonormal(seed + 1, columns, values.length);
        return u.mulRowVector(Nd4j.createFromArray(values)).mmul(v.transpose());
    }

    /** The largest singular value by LAPACK's gesvd. */
    public static double largest(INDArray matrix) {
        INDArray a = Nd4j.create(DataType.DOUBLE, matrix.shape(), 'f').assign(matrix.castTo(DataType.DOUBLE));
        INDArray s = Nd4j.create(DataType.DOUBLE, Math.min(a.rows(), a.columns()));
        Nd4j.getBlasWrapper().lapack().gesvd(a, s, null, null);
        return s.getDouble(0);
    }

    /** Many singular values that are nearly the largest, and a tail. */
    public static double[] clustered(int count, double spread) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = i < (count + 1) / 2 ? 3 * (1 - spread * i / count) : 1.0 / i;
        }
        return values;
    }
}
