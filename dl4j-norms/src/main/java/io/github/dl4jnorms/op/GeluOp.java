package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.Gelu;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** GELU in its tanh approximation, {@code y = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}, fused. */
public final class GeluOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public GeluOp() {}

    /** The operation on a variable. */
    public GeluOp(SameDiff sameDiff, SDVariable x) {
        super(sameDiff, x);
    }

    @Override
    public String opName() {
        return "dl4jnorms_gelu";
    }

    @Override
    public void check(List<INDArray> inputs) {
        Arguments.floatingPoint(inputs.get(0));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous x = Contiguous.read(inputs.get(0));
        Contiguous y = Contiguous.write(outputs.get(0));
        Gelu.forward(x.memory(), y.memory(), x.array().length());
        x.keep();
        y.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Bp(getSameDiff(), arg(0), gradients.get(0)).outputVariable());
    }

    /** The gradient. Inputs: x, dy; output: dx. */
    public static final class Bp extends JavaOp {

        /** For SameDiff, which clones operations. */
        public Bp() {}

        Bp(SameDiff sameDiff, SDVariable x, SDVariable dy) {
            super(sameDiff, x, dy);
        }

        @Override
        public String opName() {
            return "dl4jnorms_gelu_bp";
        }

        @Override
        public void check(List<INDArray> inputs) {
            Arguments.like("dy", inputs.get(1), inputs.get(0));
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Contiguous x = Contiguous.read(inputs.get(0));
            Contiguous dy = Contiguous.read(inputs.get(1));
            Contiguous dx = Contiguous.write(outputs.get(0));
            Gelu.backward(x.memory(), dy.memory(), dx.memory(), x.array().length());
            x.keep();
            dy.keep();
            dx.finish();
        }
    }
}
