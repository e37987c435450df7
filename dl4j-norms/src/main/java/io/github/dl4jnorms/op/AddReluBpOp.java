package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.AddRelu;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of {@link AddReluOp}. Inputs: a, b, dy; outputs: da, db, equal but arrays of their own. The
 * output is not asked, as DL4J lets the layer after this one change it in place.
 */
public final class AddReluBpOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public AddReluBpOp() {}

    AddReluBpOp(SameDiff sameDiff, SDVariable a, SDVariable b, SDVariable dy) {
        super(sameDiff, a, b, dy);
    }

    @Override
    public String opName() {
        return "dl4jnorms_add_relu_bp";
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous a = Contiguous.read(inputs.get(0));
        Contiguous b = Contiguous.read(inputs.get(1));
        Contiguous dy = Contiguous.read(inputs.get(2));
        Contiguous da = Contiguous.write(outputs.get(0));
        Contiguous db = Contiguous.write(outputs.get(1));
        AddRelu.backward(
                a.memory(),
                b.memory(),
                dy.memory(),
                da.memory(),
                db.memory(),
                a.array().length());
        a.keep();
        b.keep();
        dy.keep();
        da.finish();
        db.finish();
    }
}
