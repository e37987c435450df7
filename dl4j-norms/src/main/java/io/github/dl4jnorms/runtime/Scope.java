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
    private final String prefix;
    private final Map<String, SDVariable> updates;
    private final Set<String> constants;

    Scope(SameDiff sameDiff, boolean training, Map<String, SDVariable> parameters, SDVariable... masks) {
        this(sameDiff, training, parameters, masks, "", new LinkedHashMap<>(), new HashSet<>());
    }

    private Scope(
            SameDiff sameDiff,
            boolean training,
            Map<String, SDVariable> parameters,
            SDVariable[] masks,
            String prefix,
            Map<String, SDVariable> updates,
            Set<String> constants) {
        this.sameDiff = sameDiff;
        this.training = training;
        this.parameters = parameters;
        this.masks = masks;
        this.prefix = prefix;
        this.updates = updates;
        this.constants = constants;
    }

    /** This scope for a part of the definition, such as a layer within a larger one: as {@link Parameters#under} declared it. */
    public Scope under(String part) {
        return new Scope(sameDiff, training, parameters, masks, prefix + part, updates, constants);
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
    public SDVariable parameter(String ownName) {
        String name = prefix + ownName;
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
        updates.put(prefix + buffer, value);
    }

    /** The same value, as a constant to the gradient: none flows back through it. */
    public SDVariable stopGradient(SDVariable value) {
        SDVariable constant = sameDiff.identity(value);
        constants.add(constant.name());
        return constant;
    }

    Map<String, SDVariable> updates() {
        return updates;
    }

    /** The variables that no gradient flows through. */
    Set<String> constants() {
        return constants;
    }
}
