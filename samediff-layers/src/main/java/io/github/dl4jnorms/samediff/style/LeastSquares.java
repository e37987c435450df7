package io.github.dl4jnorms.samediff.style;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The linear map with a bias that comes closest to given pairs of inputs and outputs:
 *
 * <pre>min over W, b of  Σ |W x + b − y|² + ridge · mean(diag A) · |W|²,   A = Σ (x − mean(x)) (x − mean(x))ᵀ</pre>
 *
 * Pairs are added in batches; what is kept are their sums. Solved by conjugate gradients with a diagonal preconditioner, for all
 * outputs at once, so that all of the work is products of matrices.
 */
final class LeastSquares {

    private static final int ITERATIONS = 60;

    /** Residual, relative to the right-hand side, at which it is solved. */
    private static final double TOLERANCE = 1e-4;

    private final INDArray inputProducts;
    private final INDArray crossProducts;
    private final INDArray inputSum;
    private final INDArray outputSum;
    private long count;

    LeastSquares(long inputs, long outputs) {
        this.inputProducts = Nd4j.zeros(DataType.FLOAT, inputs, inputs);
        this.crossProducts = Nd4j.zeros(DataType.FLOAT, inputs, outputs);
        this.inputSum = Nd4j.zeros(DataType.FLOAT, inputs, 1);
        this.outputSum = Nd4j.zeros(DataType.FLOAT, outputs, 1);
    }

    /**
     * Adds pairs.
     *
     * @param x {@code [inputs, pairs]}
     * @param y {@code [outputs, pairs]}
     */
    void add(INDArray x, INDArray y) {
        inputProducts.addi(Nd4j.gemm(x, x, false, true));
        crossProducts.addi(Nd4j.gemm(x, y, false, true));
        inputSum.addi(x.sum(true, 1));
        outputSum.addi(y.sum(true, 1));
        count += x.size(1);
    }

    /** Pairs that were added. */
    long count() {
        return count;
    }

    /**
     * {@code y = W x + b}.
     *
     * @param weight {@code [outputs, inputs]}
     * @param bias {@code [outputs, 1]}
     */
    record Map(INDArray weight, INDArray bias) {}

    /** The map, or, where inputs are nearly dependent, one that is close to it. */
    Map solve(double ridge) {
        INDArray a =
                inputProducts.sub(Nd4j.gemm(inputSum, inputSum, false, true).divi(count));
        INDArray b =
                crossProducts.sub(Nd4j.gemm(inputSum, outputSum, false, true).divi(count));
        INDArray diagonal = Nd4j.diag(a).reshape(a.size(0), 1);
        double shift = Math.max(ridge * diagonal.meanNumber().doubleValue(), Float.MIN_NORMAL);
        a.addi(Nd4j.eye(a.size(0)).muli(shift));
        INDArray weight = conjugateGradients(a, b, diagonal.add(shift).rdivi(1))
                .transpose()
                .dup('c');
        INDArray bias = outputSum.sub(weight.mmul(inputSum)).divi(count);
        return new Map(weight, bias);
    }

    private static INDArray conjugateGradients(INDArray a, INDArray b, INDArray preconditioner) {
        INDArray x = Nd4j.zerosLike(b);
        INDArray residual = b.dup();
        INDArray direction = residual.mul(preconditioner);
        INDArray energy = residual.mul(direction).sum(true, 0);
        double enough = TOLERANCE * b.norm2Number().doubleValue();
        for (int i = 0; i < ITERATIONS && residual.norm2Number().doubleValue() > enough; i++) {
            INDArray image = a.mmul(direction);
            INDArray step = energy.div(image.mul(direction).sum(true, 0).addi(Float.MIN_NORMAL));
            x.addi(direction.mul(step));
            residual.subi(image.muli(step));
            INDArray preconditioned = residual.mul(preconditioner);
            INDArray next = residual.mul(preconditioned).sum(true, 0);
            direction.muli(next.div(energy.addi(Float.MIN_NORMAL))).addi(preconditioned);
            energy = next;
        }
        return x;
    }
}
