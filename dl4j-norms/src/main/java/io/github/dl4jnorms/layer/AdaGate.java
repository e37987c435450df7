package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/**
 * The gated end of a residual branch, a vertex with the inputs x, branch and condition; the Zero in adaLN-Zero (Peebles and
 * Xie, <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2023):
 *
 * <pre>y = x + gate · branch,    gate = SiLU(condition) · W + b</pre>
 *
 * with a gate per channel of each example. W {@code [K, C]} and b start at 0, so that the block starts as the identity. See
 * {@link AdaLayerNorm} for a whole block.
 *
 * <p>{@code new AdaGate.Builder().build()}; defaults: SiLU before the projection, which starts at 0.
 */
public class AdaGate extends ConditionalVertex {

    /** For JSON. */
    public AdaGate() {}

    private AdaGate(Builder builder) {
        super(builder);
    }

    @Override
    String[] inputNames() {
        return new String[] {"x", "branch", "condition"};
    }

    @Override
    int numbersPerChannel() {
        return 1;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        InputType output = super.getOutputType(layerIndex, vertexInputs);
        if (!Arrays.equals(vertexInputs[1].getShape(), output.getShape())) {
            throw new IllegalArgumentException(
                    "branch: AdaGate takes x's shape, " + output + ", received " + vertexInputs[1]);
        }
        return output;
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        return inputs[0].add(inputs[1].mul(project(scope, inputs[0], inputs[2])[0]));
    }

    /** Settings of an {@link AdaGate}. */
    public static class Builder extends ConditionalVertex.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {
            super(Activation.SWISH);
        }

        public AdaGate build() {
            return new AdaGate(this);
        }
    }
}
