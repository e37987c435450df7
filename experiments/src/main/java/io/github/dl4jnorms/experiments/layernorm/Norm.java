package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.Norms;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The two norms, over the last dimension of rank 3. */
enum Norm {
    LAYER_NORM(
            "LayerNorm",
            7,
            5,
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
        void composed(INDArray x, INDArray gamma, INDArray beta, INDArray room, INDArray out) {
            x.sub(x.mean(true, LAST), out);
            square(out, room);
            out.muli(scale(room.mean(true, LAST), 1e-5)).muli(gamma).addi(beta);
        }
    },

    RMS_NORM(
            "RMSNorm",
            4,
            3,
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
        void composed(INDArray x, INDArray gamma, INDArray beta, INDArray room, INDArray out) {
            square(x, room);
            x.mul(scale(room.mean(true, LAST), 1e-6), out).muli(gamma);
        }
    };

    private static final int LAST = 2;

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
    private final int composedReads;
    private final int composedWrites;
    private final List<Term> terms;

    Norm(String title, int composedReads, int composedWrites, List<Term> terms) {
        this.title = title;
        this.composedReads = composedReads;
        this.composedWrites = composedWrites;
        this.terms = terms;
    }

    /** How often the operations of {@link #composed} read all elements. */
    int composedReads() {
        return composedReads;
    }

    /** How often they write all elements. */
    int composedWrites() {
        return composedWrites;
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

    /**
     * By ND4J's own operations, one after another.
     *
     * @param room for what lies between, of x's shape
     */
    abstract void composed(INDArray x, INDArray gamma, INDArray beta, INDArray room, INDArray out);

    private static void square(INDArray x, INDArray out) {
        Nd4j.getExecutioner().exec(new Square(x, out));
    }

    private static INDArray scale(INDArray variance, double epsilon) {
        return Transforms.sqrt(variance.addi(epsilon), false).rdivi(1);
    }

    /** Its colour in every plot. */
    int color() {
        return ordinal();
    }

    @Override
    public String toString() {
        return title;
    }
}
