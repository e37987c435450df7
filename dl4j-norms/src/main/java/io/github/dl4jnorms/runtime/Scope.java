package io.github.dl4jnorms.runtime;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** What a {@link GraphDefinition} builds its graph from. */
public final class Scope {

    private final SameDiff sameDiff;
    private final boolean training;
    private final Map<String, SDVariable> parameters;
    private final SDVariable[] masks;
    private final Map<String, SDVariable> updates = new LinkedHashMap<>();
    private final Set<String> constants = new HashSet<>();

    Scope(SameDiff sameDiff, boolean training, Map<String, SDVariable> parameters, SDVariable... masks) {
        this.sameDiff = sameDiff;
        this.training = training;
        this.parameters = parameters;
        this.masks = masks;
    }

    /** The graph under construction. */
    public SameDiff sameDiff() {
        return sameDiff;
    }

    /** Whether this is the graph for training, as against evaluation. */
    public boolean training() {
        return training;
    }

    /** A parameter or buffer by its declared name. */
    public SDVariable parameter(String name) {
        SDVariable parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "name: takes one of the declared " + parameters.keySet() + ", received \"" + name + "\"");
        }
        return parameter;
    }

    /** The mask of an input, as DL4J shapes it, or null when there is none. */
    public SDVariable mask(int input) {
        return masks[input];
    }

    /** Renews a buffer once per training iteration, after the gradient has been computed. */
    public void update(String buffer, SDVariable value) {
        parameter(buffer);
        updates.put(buffer, value);
    }

    /** The variable, which the gradient takes for a constant. */
    public SDVariable constant(SDVariable variable) {
        constants.add(variable.name());
        return variable;
    }

    Map<String, SDVariable> updates() {
        return updates;
    }

    Set<String> constants() {
        return constants;
    }
}
