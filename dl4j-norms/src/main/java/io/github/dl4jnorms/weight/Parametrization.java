package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.io.Serializable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * How a layer's weight is computed from parameters. An implementation is part of the layer's configuration, so that it has
 * {@code equals} and {@code hashCode} and survives JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.PROPERTY, property = "@class")
public interface Parametrization extends Serializable {

    /** Declares the parameters and buffers that take the weight's place; at start the weight is what its initializer gives. */
    void declare(Parameters parameters, Weight weight);

    /** The weight that the layer computes with. */
    SDVariable effective(Scope scope, Weight weight);

    /** The weight is itself the parameter. */
    static Parametrization none() {
        return new None();
    }

    /** See {@link #none}. */
    record None() implements Parametrization {

        @Override
        public void declare(Parameters parameters, Weight weight) {
            parameters.weight(weight.name(), weight.initializer(), weight.shape());
        }

        @Override
        public SDVariable effective(Scope scope, Weight weight) {
            return scope.parameter(weight.name());
        }
    }
}
