package io.github.dl4jnorms.experiments.weightnorm;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** LAPACK's word on a matrix, which none of the norms under test has a part in. */
final class SingularValues {
    private SingularValues() {}

    /** The largest singular value, by gesvd in double precision. */
    static double largest(INDArray matrix) {
        INDArray copy =
                Nd4j.create(DataType.DOUBLE, matrix.shape(), 'f').assign(matrix); // overwritten, in Fortran's order
        INDArray values = Nd4j.create(DataType.DOUBLE, Math.min(copy.rows(), copy.columns()));
        Nd4j.getBlasWrapper().lapack().gesvd(copy, values, null, null);
        return values.getDouble(0);
    }
}
