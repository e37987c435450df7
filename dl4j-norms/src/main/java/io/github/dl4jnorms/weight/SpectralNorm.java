package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.op.ComposedSpectralNorm;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.SpectralNormOp;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Spectral normalization (<a href="https://arxiv.org/abs/1802.05957">Miyato et al., 2018</a>): {@code w / σ}, with σ the largest
 * singular value of w as a matrix, whose rows are the indices of {@code dim} and whose columns are all others.
 *
 * <p><b>By iterations</b>, the default, this is PyTorch's {@code spectral_norm}: {@code σ = uᵀ W v}, where each step of training
 * renews u and v by a few power iterations, evaluation takes them as they are, and the gradient takes them for constants. σ is
 * only as good as u and v: it lags behind a quickly changing weight and may miss the largest singular value for long.
 *
 * <p><b>By tolerance</b>, the spectral norm of the result is at most {@code 1 + tolerance} and at least
 * {@code 1 / (1 + tolerance)}, in training and evaluation, whatever the weight: power iteration goes on until a Cholesky
 * factorization in double precision proves the bound, and LAPACK's eigenvalues take over where it does not
 * ({@link io.github.dl4jnorms.op.SingularTriple}). With k the smaller and n the larger side of the matrix, each forward pass
 * costs {@code k² n} multiplications. Off ND4J's CPU backend, and without the fused operations, σ comes from
 * {@link ComposedSpectralNorm}, by 21 products of k × k matrices in the network's own precision, by whose rounding it may
 * be off.
 *
 * <p>Parameters of a weight "W": "W" itself, and the buffers "Wu" and "Wv", which start from 15 power iterations. A weight that
 * is zero has no σ: by iterations the result is NaN, as in PyTorch, and by tolerance zero, where the fused
 * operations are.
 *
 * @param dim the dimension of the matrix's rows; null, the default, for the layer's outputs: 0, or 1 for a transposed
 *     convolution
 * @param iterations power iterations per training step, greater than 0; default 1
 * @param tolerance what the spectral norm may be off by, at least 1e-7; null, the default, for power iterations without a bound
 * @param epsilon the least norm by which u and v are divided, greater than 0; default 1e-12
 */
public record SpectralNorm(
        @JsonProperty("dim") Integer dim,
        @JsonProperty("iterations") int iterations,
        @JsonProperty("tolerance") Double tolerance,
        @JsonProperty("epsilon") double epsilon)
        implements Parametrization {

    private static final int FIRST_ITERATIONS = 15;
    private static final int COMPOSED_SQUARINGS = 20;

    @JsonCreator
    public SpectralNorm {
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations: takes a number greater than 0, received " + iterations);
        }
        if (tolerance != null && !(tolerance >= 1e-7 && tolerance < 1)) {
            throw new IllegalArgumentException("tolerance: takes a number from 1e-7 to 1, received " + tolerance);
        }
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon: takes a number greater than 0, received " + epsilon);
        }
    }

    /** PyTorch's, with its defaults. */
    public SpectralNorm() {
        this(1);
    }

    /** PyTorch's, with this many power iterations per training step. */
    public SpectralNorm(int iterations) {
        this(null, iterations, null, 1e-12);
    }

    /** The spectral norm is at most 1.0001. */
    public static SpectralNorm bounded() {
        return bounded(1e-4);
    }

    /** The spectral norm is at most {@code 1 + tolerance}. */
    public static SpectralNorm bounded(double tolerance) {
        return new SpectralNorm(null, 1, tolerance, 1e-12);
    }

    /** The same with another dimension of the matrix's rows. */
    public SpectralNorm withDim(int dim) {
        return new SpectralNorm(dim, iterations, tolerance, epsilon);
    }

    @Override
    public void declare(Parameters parameters, Weight weight) {
        Started w = new Started(weight.initializer());
        Started v = new Started(
                array -> array.assign(firstRight(matrix(w.array(), weight)).reshape(array.length())));
        parameters.weight(weight.name(), w, weight.shape());
        parameters.buffer(right(weight.name()), v, columns(weight));
        parameters.buffer(
                left(weight.name()),
                u -> u.assign(normalize(matrix(w.array(), weight)
                                .mmul(v.array().reshape(v.array().length(), 1)))
                        .reshape(u.length())),
                rows(weight));
    }

    private INDArray firstRight(INDArray matrix) {
        INDArray v = normalize(Nd4j.randn(matrix.dataType(), matrix.columns(), 1));
        for (int i = 0; i < FIRST_ITERATIONS; i++) {
            v = normalize(matrix.transpose().mmul(normalize(matrix.mmul(v))));
        }
        return v;
    }

    private INDArray normalize(INDArray vector) {
        return vector.div(Math.max(vector.norm2Number().doubleValue(), epsilon));
    }

    private INDArray matrix(INDArray w, Weight weight) {
        return w.permute(rowsFirst(weight)).reshape('c', rows(weight), columns(weight));
    }

    @Override
    public SDVariable effective(Scope scope, Weight weight) {
        SameDiff sd = scope.sameDiff();
        SDVariable w = scope.parameter(weight.name());
        SDVariable matrix = sd.reshape(sd.permute(w, rowsFirst(weight)), rows(weight), columns(weight));
        SDVariable sigma = tolerance == null ? iterated(scope, weight, matrix) : bound(scope, weight, matrix);
        return w.mul(sd.math.reciprocal(sigma));
    }

    private SDVariable iterated(Scope scope, Weight weight, SDVariable matrix) {
        SameDiff sd = scope.sameDiff();
        SDVariable u = sd.reshape(scope.parameter(left(weight.name())), rows(weight), 1);
        SDVariable v = sd.reshape(scope.parameter(right(weight.name())), columns(weight), 1);
        if (scope.training()) {
            for (int i = 0; i < iterations; i++) {
                u = scope.stopGradient(normalize(sd, sd.mmul(matrix, v)));
                v = scope.stopGradient(normalize(sd, sd.mmul(matrix, u, true, false, false)));
            }
            scope.update(left(weight.name()), sd.reshape(u, rows(weight)));
            scope.update(right(weight.name()), sd.reshape(v, columns(weight)));
        }
        return sd.sum(u.mul(sd.mmul(matrix, v)));
    }

    private SDVariable normalize(SameDiff sd, SDVariable vector) {
        SDVariable norm = sd.math.sqrt(sd.sum(sd.math.square(vector)));
        return vector.mul(sd.math.reciprocal(atLeastEpsilon(sd, norm)));
    }

    private SDVariable atLeastEpsilon(SameDiff sd, SDVariable scalar) {
        return sd.math.max(scalar, sd.constant(Nd4j.scalar(scalar.dataType(), epsilon)));
    }

    private SDVariable bound(Scope scope, Weight weight, SDVariable matrix) {
        SameDiff sd = scope.sameDiff();
        double slack = tolerance / 2; // the other half is for the rounding of the result
        SDVariable sigma;
        if (Fused.available()) {
            SDVariable[] triple =
                    new SpectralNormOp(sd, matrix, scope.parameter(right(weight.name())), slack).outputVariables();
            if (scope.training()) {
                scope.update(left(weight.name()), triple[1]);
                scope.update(right(weight.name()), triple[2]);
            }
            sigma = triple[0];
        } else {
            sigma = ComposedSpectralNorm.of(sd, matrix, COMPOSED_SQUARINGS);
        }
        return atLeastEpsilon(sd, sigma.mul(1 + slack));
    }

    private int rowDimension(Weight weight) {
        return dim == null ? weight.outputDimension() : weight.requireDimension(dim);
    }

    private long rows(Weight weight) {
        return weight.shape()[rowDimension(weight)];
    }

    private long columns(Weight weight) {
        return weight.length() / rows(weight);
    }

    private int[] rowsFirst(Weight weight) {
        int first = rowDimension(weight);
        IntStream others = IntStream.range(0, weight.shape().length).filter(i -> i != first);
        return IntStream.concat(IntStream.of(first), others).toArray();
    }

    /** The name of u, the left singular vector of the weight with this name. */
    public static String left(String weight) {
        return weight + "u";
    }

    /** The name of v, the right singular vector of the weight with this name. */
    public static String right(String weight) {
        return weight + "v";
    }
}
