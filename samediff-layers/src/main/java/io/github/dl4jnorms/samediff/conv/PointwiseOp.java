package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Pointwise} as an operation: x [N, in, H, W] and weights [out, in, 1, 1] to y [N, out, H, W]. */
final class PointwiseOp extends JavaOp {

    PointwiseOp(SameDiff sameDiff, SDVariable x, SDVariable weight) {
        super(sameDiff, x, weight);
    }

    @Override
    public String opName() {
        return "dl4jnorms_pointwise_conv2d";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        if (x.rank() != 4 || x.size(1) != inputs.get(1).size(1)) {
            throw new IllegalArgumentException("x: takes [N, " + inputs.get(1).size(1) + ", H, W], received "
                    + java.util.Arrays.toString(x.shape()));
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        return new long[][] {{x.size(0), inputs.get(1).size(0), x.size(2), x.size(3)}};
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Pointwise.forward(inputs.get(0), inputs.get(1), outputs.get(0));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new PointwiseBpOp(getSameDiff(), arg(0), arg(1), gradients.get(0)).outputVariables());
    }

    /** The gradient: dx as x, dWeight as the weights. */
    private static final class PointwiseBpOp extends JavaOp {

        PointwiseBpOp(SameDiff sameDiff, SDVariable x, SDVariable weight, SDVariable dy) {
            super(sameDiff, x, weight, dy);
        }

        @Override
        public String opName() {
            return "dl4jnorms_pointwise_conv2d_bp";
        }

        @Override
        public int getNumOutputs() {
            return 2;
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Pointwise.backward(inputs.get(0), inputs.get(1), inputs.get(2), outputs.get(0), outputs.get(1));
        }
    }
}
