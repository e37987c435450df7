package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.AddReluOp;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of a residual block, a vertex with the inputs branch and shortcut, of one shape (He et al.,
 * <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning for Image Recognition</a>, 2015):
 *
 * <pre>y = activation(norm(branch) + shortcut)</pre>
 *
 * With {@link BatchNorm}, {@link GroupNorm} or {@link InstanceNorm}, and an activation of identity, RELU or LEAKYRELU, all three
 * are one pass over memory.
 *
 * <p>{@code new ResidualAdd(new GroupNorm.Builder().build())}; defaults: no norm, RELU. The norm's own activation is not used.
 */
public class ResidualAdd extends DefinedVertex {

    private NormLayer norm;
    private Activation activation = Activation.RELU;

    /** Without a norm, with RELU. */
    public ResidualAdd() {}

    /** With a norm of the branch, or null for none, and RELU. */
    public ResidualAdd(NormLayer norm) {
        this(norm, Activation.RELU);
    }

    /** With a norm of the branch, or null for none, and an activation. */
    public ResidualAdd(NormLayer norm, Activation activation) {
        this.norm = norm;
        this.activation = Activations.require(activation);
    }

    /** Adds, and applies a leaky ReLU of this slope for negative values. */
    static SDVariable add(SameDiff sd, SDVariable branch, SDVariable shortcut, double slope) {
        if (slope == 0 && Fused.available()) {
            return new AddReluOp(sd, branch, shortcut).outputVariable();
        }
        SDVariable sum = branch.add(shortcut);
        return slope == 1 ? sum : slope == 0 ? sd.nn.relu(sum, 0) : sd.nn.leakyRelu(sum, slope);
    }

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public void declare(Parameters parameters) {
        if (norm != null) {
            norm.declare(parameters);
        }
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        if (norm != null) {
            norm.check(training, inputs);
        }
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        if (norm != null) {
            return norm.define(scope, inputs[0], inputs[1], activation);
        }
        SameDiff sd = scope.sameDiff();
        double slope = Activations.slope(activation);
        return Double.isNaN(slope)
                ? Activations.apply(sd, activation, inputs[0].add(inputs[1]))
                : add(sd, inputs[0], inputs[1], slope);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        if (inputs.length != 2 || !inputs[0].equals(inputs[1])) {
            throw new IllegalArgumentException("inputs: takes two of one shape, received " + Arrays.toString(inputs));
        }
        if (norm != null) {
            norm.setNIn(inputs[0], true);
        }
        return inputs[0];
    }

    public NormLayer getNorm() {
        return norm;
    }

    public void setNorm(NormLayer norm) {
        this.norm = norm;
    }

    public Activation getActivation() {
        return activation;
    }

    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResidualAdd that
                && super.equals(other)
                && Objects.equals(norm, that.norm)
                && activation == that.activation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), norm, activation);
    }
}
