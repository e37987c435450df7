package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of {@link MaxPoolOp}. Inputs: x, dy; output: dx. */
public final class MaxPoolBpOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public MaxPoolBpOp() {}

    MaxPoolBpOp(SameDiff sameDiff, SDVariable x, SDVariable dy, long[] args) {
        super(sameDiff, x, dy);
        addIArgument(args);
    }

    @Override
    public String opName() {
        return "dl4jnorms_max_pool2d_bp";
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray in = inputs.get(0);
        MaxPoolArgs args = MaxPoolArgs.of(iArgs());
        if (!MaxPoolArgs.isFused(in)) {
            Nd4j.exec(args.nd4j("maxpool2d_bp", new INDArray[] {in, inputs.get(1)}, outputs.get(0)));
            return;
        }
        Contiguous x = Contiguous.read(in);
        Contiguous dy = Contiguous.read(inputs.get(1));
        Contiguous dx = Contiguous.write(outputs.get(0));
        args.kernel(in).backward(x.memory(), dy.memory(), dx.memory());
        x.keep();
        dy.keep();
        dx.finish();
    }
}
