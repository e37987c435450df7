package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** y = w · x with a weight for every element of an example: puts the gradient of whatever follows into parameters. */
public class Multiply extends DefinedLayer {

    private long[] shape;

    @Override
    public void setNIn(InputType inputType, boolean override) {
        shape = inputType.getShape(true);
        shape[0] = 1;
    }

    @Override
    public void declare(Parameters parameters) {
        parameters.weight("w", Multiply::aroundOne, shape);
    }

    private static void aroundOne(INDArray w) {
        w.assign(Nd4j.linspace(w.dataType(), 0.5, 1.0 / w.length(), w.length()).reshape(w.shape()));
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        return inputs[0].mul(scope.parameter("w"));
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    public long[] getShape() {
        return shape;
    }

    public void setShape(long[] shape) {
        this.shape = shape;
    }
}
