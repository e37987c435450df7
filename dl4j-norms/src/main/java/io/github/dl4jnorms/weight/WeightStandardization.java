package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight standardization (<a href="https://arxiv.org/abs/1903.10520">Qiao et al., 2019</a>):
 * {@code (w − mean) / √(variance + ε)}, mean and biased variance over the weights of each output channel. Made for
 * convolutions that a GroupNorm follows.
 *
 * <p>Scaled, as in NFNets (<a href="https://arxiv.org/abs/2102.06171">Brock et al., 2021</a>), the result is multiplied by
 * {@code gain / √(weights per output)}, with a gain per output, which starts at 1, so that no norm need follow.
 *
 * <p>Parameters of a weight "W": "W" itself, and scaled "Wg", the gain, of W's shape with 1 in place of all dimensions but that
 * of the outputs.
 *
 * @param epsilon ε, greater than 0; default 1e-6, timm's
 * @param scaled whether the result is scaled as in NFNets; default false
 */
public record WeightStandardization(
        @JsonProperty("epsilon") double epsilon,
        @JsonProperty("scaled") boolean scaled) implements Parametrization {

    @JsonCreator
    public WeightStandardization {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon: takes a number greater than 0, received " + epsilon);
        }
    }

    /** With the default ε, not scaled. */
    public WeightStandardization() {
        this(1e-6, false);
    }

    /** With the default ε, scaled. */
    public static WeightStandardization ofNfNet() {
        return new WeightStandardization(1e-6, true);
    }

    @Override
    public void declare(Parameters parameters, Weight weight) {
        parameters.weight(weight.name(), weight.initializer(), weight.shape());
        if (scaled) {
            long[] shape = new long[weight.shape().length];
            Arrays.fill(shape, 1);
            shape[weight.outputDimension()] = weight.outputs();
            parameters.bias(gain(weight.name()), g -> g.assign(1), shape);
        }
    }

    @Override
    public SDVariable effective(Scope scope, Weight weight) {
        SameDiff sd = scope.sameDiff();
        int[] outputsFirst = weight.withFirst(weight.outputDimension());
        SDVariable w = sd.permute(scope.parameter(weight.name()), outputsFirst);
        // GroupNorm with the outputs for examples and one group
        SDVariable standardized = sd.permute(SDNorms.groupNorm(sd, w, 1, null, null, epsilon), outputsFirst);
        if (!scaled) {
            return standardized;
        }
        double perOutput = (double) weight.length() / weight.outputs();
        return standardized.mul(scope.parameter(gain(weight.name())).mul(1 / Math.sqrt(perOutput)));
    }

    /** The name of the gain of the weight with this name. */
    public static String gain(String weight) {
        return weight + "g";
    }
}
