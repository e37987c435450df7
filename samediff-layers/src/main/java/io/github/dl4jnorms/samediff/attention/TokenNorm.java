package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.layer.NormLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A norm of tokens {@code [N, T, D]} as a part of a definition.
 *
 * @param name what the names of its parameters and buffers begin with
 * @param spec which norm; BatchNorm's statistics are over batch and time, GroupNorm's over time and a group of channels
 * @param affine whether it has a γ and a β
 */
public record TokenNorm(String name, NormSpec spec, long size, boolean affine, double epsilon) {

    public void declare(Parameters parameters) {
        if (!spec.isNone()) {
            layer().declare(parameters.under(name));
        }
    }

    public SDVariable define(Scope scope, SDVariable tokens) {
        return spec.isNone() ? tokens : layer().define(scope.under(name), tokens);
    }

    /** As {@link io.github.dl4jnorms.runtime.GraphDefinition#check}; x in any layout. */
    public void check(boolean training, INDArray x) {
        if (!spec.isNone()) {
            layer().check(training, x);
        }
    }

    private NormLayer layer() {
        NormLayer layer = (NormLayer) spec.layer(Activation.IDENTITY).orElseThrow();
        layer.setAffine(affine);
        layer.setEpsilon(epsilon);
        layer.setNIn(InputType.recurrent(size, RNNFormat.NWC), true);
        return layer;
    }
}
