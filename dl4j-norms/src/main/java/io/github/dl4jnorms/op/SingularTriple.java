package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.kernel.Cholesky;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The largest singular value σ of a matrix W and its singular vectors, {@code σ = uᵀ W v}, in double precision.
 *
 * @param value σ
 * @param left u {@code [rows]}
 * @param right v {@code [columns]}
 */
public record SingularTriple(double value, INDArray left, INDArray right) {

    private static final int MOST_ITERATIONS = 50;

    /** Computed by LAPACK from the smaller one of W Wᵀ and Wᵀ W. */
    public static SingularTriple of(INDArray matrix) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return new Problem(matrix).exact();
        }
    }

    /**
     * Computed by power iteration, with a proof that the largest singular value is at most {@code (1 + slack) · value}: the
     * smaller one of {@code (1 + slack)² value² I − W Wᵀ} and {@code … − Wᵀ W} has a Cholesky factorization. Where it has none,
     * because the iteration has found another singular value than the largest, {@link #of} takes over.
     *
     * @param start what v starts at
     * @param slack from 1e-9, which rounding leaves room for
     */
    public static SingularTriple within(INDArray matrix, INDArray start, double slack) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return new Problem(matrix).within(start, slack);
        }
    }

    /** W as {@code scale · w}, so that no square overflows or vanishes. */
    private static final class Problem {

        private final double scale;
        private final INDArray w;
        private final double size;

        Problem(INDArray matrix) {
            this.scale = matrix.amaxNumber().doubleValue();
            INDArray copy = matrix.castTo(DataType.DOUBLE).dup('c');
            this.w = scale > 0 ? copy.divi(scale) : copy;
            this.size = w.norm2Number().doubleValue();
        }

        SingularTriple exact() {
            if (isTrivial()) {
                return new SingularTriple(size, first(w.rows()), first(w.columns()));
            }
            INDArray vectors = gram().dup('f');
            INDArray values = Nd4j.create(DataType.DOUBLE, vectors.rows());
            int status = Nd4j.getBlasWrapper().lapack().syev('V', 'U', vectors, values);
            if (status != 0) {
                throw new IllegalStateException("LAPACK's syev found no eigenvalues, status " + status);
            }
            INDArray top = vectors.getColumn(vectors.columns() - 1).dup();
            boolean wide = isWide();
            INDArray other = product(wide, top);
            double value = normalize(other);
            return new SingularTriple(scale * value, wide ? top : other, wide ? other : top);
        }

        SingularTriple within(INDArray start, double slack) {
            INDArray v = start.castTo(DataType.DOUBLE).dup();
            if (isTrivial() || !(normalize(v) > 0)) {
                return exact();
            }
            INDArray u = null;
            double value = 0;
            for (int i = 0; i < MOST_ITERATIONS; i++) {
                u = product(false, v);
                normalize(u);
                v = product(true, u);
                double last = value;
                value = normalize(v);
                if (!(value > last * (1 + slack / 8))) {
                    break;
                }
            }
            return value > 0 && isBound(value * (1 + slack)) ? new SingularTriple(scale * value, u, v) : exact();
        }

        /** Whether the matrix is zero or has a NaN or an infinity, and so has σ. */
        private boolean isTrivial() {
            return size == 0 || !Double.isFinite(size);
        }

        private boolean isBound(double bound) {
            INDArray difference = Nd4j.eye(Math.min(w.rows(), w.columns()))
                    .castTo(DataType.DOUBLE)
                    .muli(bound * bound)
                    .subi(gram());
            return Cholesky.isPositiveDefinite(Contiguous.doubles(difference), difference.rows());
        }

        private boolean isWide() {
            return w.rows() <= w.columns();
        }

        private INDArray gram() {
            return isWide() ? w.mmul(w.transpose()) : w.transpose().mmul(w);
        }

        private INDArray product(boolean transposed, INDArray vector) {
            INDArray column = vector.reshape(vector.length(), 1);
            return (transposed ? w.transpose() : w).mmul(column).reshape(transposed ? w.columns() : w.rows());
        }

        /** Divides by the norm, which it returns. */
        private static double normalize(INDArray vector) {
            double norm = vector.norm2Number().doubleValue();
            vector.divi(norm);
            return norm;
        }

        /** The first unit vector, or NaN where the matrix has one. */
        private INDArray first(long length) {
            INDArray vector = Nd4j.zeros(DataType.DOUBLE, length);
            vector.putScalar(0, 1);
            return vector.addi(size);
        }
    }
}
