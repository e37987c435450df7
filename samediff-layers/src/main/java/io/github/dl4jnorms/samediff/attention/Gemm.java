package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.samediff.conv.OneDnn;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;

/**
 * Products of row-major matrices anywhere in memory, {@code C = op(A) op(B) + beta C}. ND4J's own takes arrays, of which a head's
 * columns would each need a view. Floats go to oneDNN, which is faster than OpenBLAS at a transformer's shapes, where it is there.
 */
final class Gemm {

    private final DataType type;

    Gemm(DataType type) {
        this.type = type;
    }

    /** A matrix's first element, and the distance of its rows in elements. */
    record Matrix(long address, long stride, boolean transposed) {

        Matrix transpose() {
            return new Matrix(address, stride, !transposed);
        }
    }

    /** A matrix from so many elements after an address on. */
    Matrix matrix(long address, long offset, long stride) {
        return new Matrix(address + offset * type.width(), stride, false);
    }

    /** {@code c = a b + beta c}, a {@code [m, k]} and b {@code [k, n]} after they have been transposed. */
    void multiply(Matrix a, Matrix b, Matrix c, long m, long n, long k, double beta) {
        if (type == DataType.FLOAT && OneDnn.available()) {
            int status = dnnl.dnnl_sgemm(
                    letter(a),
                    letter(b),
                    m,
                    n,
                    k,
                    1,
                    pointer(a).asFloatPointer(),
                    a.stride,
                    pointer(b).asFloatPointer(),
                    b.stride,
                    (float) beta,
                    pointer(c).asFloatPointer(),
                    c.stride);
            if (status != dnnl.dnnl_success) {
                throw new IllegalStateException("oneDNN's product of matrices failed with status " + status);
            }
        } else if (type == DataType.FLOAT) {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    operation(a),
                    operation(b),
                    (int) m,
                    (int) n,
                    (int) k,
                    1,
                    pointer(a).asFloatPointer(),
                    (int) a.stride,
                    pointer(b).asFloatPointer(),
                    (int) b.stride,
                    (float) beta,
                    pointer(c).asFloatPointer(),
                    (int) c.stride);
        } else {
            openblas.cblas_dgemm(
                    openblas.CblasRowMajor,
                    operation(a),
                    operation(b),
                    (int) m,
                    (int) n,
                    (int) k,
                    1,
                    pointer(a).asDoublePointer(),
                    (int) a.stride,
                    pointer(b).asDoublePointer(),
                    (int) b.stride,
                    beta,
                    pointer(c).asDoublePointer(),
                    (int) c.stride);
        }
    }

    private static PagedPointer pointer(Matrix matrix) {
        return new PagedPointer(matrix.address);
    }

    private static byte letter(Matrix matrix) {
        return (byte) (matrix.transposed ? 'T' : 'N');
    }

    private static int operation(Matrix matrix) {
        return matrix.transposed ? openblas.CblasTrans : openblas.CblasNoTrans;
    }
}
