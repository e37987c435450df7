package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The content loss of style transfer, a vertex with the inputs features and target, both {@code [N, C, H, W]}: of each example
 * the mean of {@code (features − target)²}, {@code [N, 1]}.
 */
public class ContentLoss extends DefinedVertex {

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        if (!inputs[0].equals(inputs[1])) {
            throw new IllegalArgumentException(
                    "target: ContentLoss takes the shape of the features, " + inputs[0] + ", received " + inputs[1]);
        }
        return InputType.feedForward(1);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        return sd.reshape(sd.math.square(inputs[0].sub(inputs[1])).mean(1, 2, 3), -1, 1);
    }
}
