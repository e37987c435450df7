package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.RowNormArgs;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The two norms, over the last dimension. */
enum Norm {
    LAYER_NORM(
            "LayerNorm",
            List.of(
                    new Term("mean = Σ x / n", 1, 1),
                    new Term("x − mean", 1, 0),
                    new Term("variance = Σ (x − mean)² / n", 2, 1),
                    new Term("scale = 1 / √(variance + ε)", 0, 3),
                    new Term("x̂ = (x − mean) · scale", 1, 0),
                    new Term("y = γ x̂ + β", 2, 0))) {
        @Override
        void fused(INDArray x, INDArray gamma, INDArray beta, INDArray out) {
            Norms.layerNorm(x, -1, gamma, beta, 1e-5, out);
        }

        @Override
        SDVariable composed(SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta) {
            return Composed.rowNorm(sd, x, gamma, beta, RowNormArgs.layerNorm(-1, gamma, beta, 1e-5, 1))[0];
        }
    },

    RMS_NORM(
            "RMSNorm",
            List.of(
                    new Term("square = Σ x² / n", 2, 1),
                    new Term("scale = 1 / √(square + ε)", 0, 3),
                    new Term("x̂ = x · scale", 1, 0),
                    new Term("y = γ x̂", 1, 0))) {
        @Override
        void fused(INDArray x, INDArray gamma, INDArray beta, INDArray out) {
            Norms.rmsNorm(x, -1, gamma, 1e-6, out);
        }

        @Override
        SDVariable composed(SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta) {
            return Composed.rowNorm(sd, x, gamma, null, RowNormArgs.rmsNorm(-1, gamma, 1e-6, 1))[0];
        }
    };

    /** A float is read and a float is written. */
    static final int BYTES_PER_ELEMENT = 2 * Float.BYTES;

    /**
     * A line of the formula.
     *
     * @param perElement floating-point operations for each element
     * @param perRow     for each row
     */
    record Term(String formula, int perElement, int perRow) {}

    private final String title;
    private final List<Term> terms;

    Norm(String title, List<Term> terms) {
        this.title = title;
        this.terms = terms;
    }

    List<Term> terms() {
        return terms;
    }

    int flopsPerElement() {
        return terms.stream().mapToInt(Term::perElement).sum();
    }

    private int flopsPerRow() {
        return terms.stream().mapToInt(Term::perRow).sum();
    }

    /** Floating-point operations for all of an array. */
    long flops(long rows, long dim) {
        return rows * (dim * flopsPerElement() + flopsPerRow());
    }

    /** By our fused operation, into an array that is there. {@code gamma} and {@code beta} may be null. */
    abstract void fused(INDArray x, INDArray gamma, INDArray beta, INDArray out);

    /** By SameDiff's own operations. */
    abstract SDVariable composed(SameDiff sd, SDVariable x, SDVariable gamma, SDVariable beta);

    /** Its colour in every plot. */
    int color() {
        return ordinal();
    }

    @Override
    public String toString() {
        return title;
    }
}
