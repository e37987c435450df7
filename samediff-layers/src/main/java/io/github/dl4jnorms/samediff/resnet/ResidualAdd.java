package io.github.dl4jnorms.samediff.resnet;

import io.github.dl4jnorms.op.AddReluOp;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The end of a residual block: {@code y = max(0, branch + shortcut)}, of two inputs of one shape. */
public class ResidualAdd extends DefinedVertex {

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public void declare(Parameters parameters) {
        // none
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        return Fused.available()
                ? new AddReluOp(sd, inputs[0], inputs[1]).outputVariable()
                : sd.nn.relu(inputs[0].add(inputs[1]), 0);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        if (!inputs[0].equals(inputs[1])) {
            throw new IllegalArgumentException(
                    "inputs: takes two of one shape, received " + inputs[0] + " and " + inputs[1]);
        }
        return inputs[0];
    }
}
