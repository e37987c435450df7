package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.AddRelu;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = max(a + b, 0)} of two arrays of one shape, fused: the end of a residual block. */
public final class AddReluOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public AddReluOp() {}

    /** The operation on two variables. */
    public AddReluOp(SameDiff sameDiff, SDVariable a, SDVariable b) {
        super(sameDiff, a, b);
    }

    @Override
    public String opName() {
        return "dl4jnorms_add_relu";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray a = inputs.get(0);
        INDArray b = inputs.get(1);
        if (!a.equalShapes(b) || a.dataType() != b.dataType()) {
            throw new IllegalArgumentException("b: takes the shape and type of a, " + Arrays.toString(a.shape()) + " "
                    + a.dataType() + ", received " + Arrays.toString(b.shape()) + " " + b.dataType());
        }
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous a = Contiguous.read(inputs.get(0));
        Contiguous b = Contiguous.read(inputs.get(1));
        Contiguous y = Contiguous.write(outputs.get(0));
        AddRelu.forward(a.memory(), b.memory(), y.memory(), a.array().length());
        a.keep();
        b.keep();
        y.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new AddReluBpOp(getSameDiff(), arg(0), arg(1), gradients.get(0)).outputVariables());
    }
}
