package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** Anything to [N, features], whatever its rank and layout. */
public class Flatten extends DefinedLayer {

    @Override
    public void declare(Parameters parameters) {}

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable examples = sd.slice(sd.shape(inputs[0]), new int[] {0}, 1);
        return sd.reshape(inputs[0], sd.concat(0, examples, sd.constant(Nd4j.createFromArray(-1L))));
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(inputType.arrayElementsPerExample());
    }
}
