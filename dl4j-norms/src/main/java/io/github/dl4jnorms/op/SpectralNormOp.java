package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link SingularTriple} as an operation: a matrix to its largest singular value σ (a scalar) and its singular vectors u and
 * v. With a second input, what v starts at, σ is the largest singular value within a proven slack.
 */
public final class SpectralNormOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public SpectralNormOp() {}

    /** The largest singular value. */
    public SpectralNormOp(SameDiff sameDiff, SDVariable matrix) {
        super(sameDiff, matrix);
    }

    /** A singular value σ such that the largest is at most {@code (1 + slack) σ}. */
    public SpectralNormOp(SameDiff sameDiff, SDVariable matrix, SDVariable start, double slack) {
        super(sameDiff, matrix, start);
        addTArgument(slack);
    }

    @Override
    public String opName() {
        return "dl4jnorms_spectral_norm";
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    public void check(List<INDArray> inputs) {
        checkMatrix(inputs.get(0));
        if (inputs.size() > 1 && inputs.get(1).length() != inputs.get(0).columns()) {
            throw new IllegalArgumentException("start: takes " + inputs.get(0).columns()
                    + " numbers, one per column of matrix, received " + Arguments.describe(inputs.get(1)));
        }
    }

    /** Throws if this is no matrix of floating-point numbers. */
    public static void checkMatrix(INDArray matrix) {
        if (matrix == null) {
            throw new IllegalArgumentException("matrix: takes an array, received null");
        }
        if (!matrix.dataType().isFPType()) {
            throw new IllegalArgumentException("matrix: takes a floating-point type, received " + matrix.dataType());
        }
        if (matrix.rank() != 2 || matrix.length() == 0) {
            throw new IllegalArgumentException(
                    "matrix: takes rank 2 with at least one value, received " + Arguments.describe(matrix));
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray matrix = inputs.get(0);
        return new long[][] {{}, {matrix.rows()}, {matrix.columns()}};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        return List.of(inputs.get(0), inputs.get(0), inputs.get(0));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        SingularTriple triple = inputs.size() > 1
                ? SingularTriple.within(inputs.get(0), inputs.get(1), tArgs()[0])
                : SingularTriple.of(inputs.get(0));
        outputs.get(0).assign(triple.value());
        if (outputs.size() > 1) {
            outputs.get(1).assign(triple.left());
            outputs.get(2).assign(triple.right());
        }
    }

    /** {@code dσ/dW = u vᵀ}. Nothing goes to the start, and nothing comes from the singular vectors. */
    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SameDiff sd = getSameDiff();
        SDVariable[] outputs = outputVariables();
        SDVariable outer = sd.mmul(sd.expandDims(outputs[1], 1), sd.expandDims(outputs[2], 0));
        SDVariable gradient = outer.mul(gradients.get(0));
        return args().length == 1 ? List.of(gradient) : List.of(gradient, sd.zerosLike(arg(1)));
    }
}
