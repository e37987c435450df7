package io.github.dl4jnorms.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The declared parameters and buffers of a {@link GraphDefinition}. A buffer is saved, loaded and cloned with the network as a
 * parameter is, but is never touched by the optimizer, regularization or gradient clipping.
 */
public final class Parameters {

    enum Kind {
        WEIGHT,
        BIAS,
        BUFFER
    }

    record Parameter(Kind kind, long[] shape, Consumer<INDArray> initializer) {}

    private final String prefix;
    private final boolean frozen;
    private final Map<String, Parameter> all;

    private Parameters(String prefix, boolean frozen, Map<String, Parameter> all) {
        this.prefix = prefix;
        this.frozen = frozen;
        this.all = all;
    }

    static Parameters of(GraphDefinition definition) {
        Parameters parameters = new Parameters("", false, new LinkedHashMap<>());
        definition.declare(parameters);
        return parameters;
    }

    /** A trained parameter to which weight regularization applies; {@code initializer} fills it in place. */
    public Parameters weight(String name, Consumer<INDArray> initializer, long... shape) {
        return add(name, Kind.WEIGHT, initializer, shape);
    }

    /** A trained parameter to which only the biases' regularization and updater apply. */
    public Parameters bias(String name, Consumer<INDArray> initializer, long... shape) {
        return add(name, Kind.BIAS, initializer, shape);
    }

    /** State that {@link Scope#update} renews once per training iteration. */
    public Parameters buffer(String name, Consumer<INDArray> initializer, long... shape) {
        return add(name, Kind.BUFFER, initializer, shape);
    }

    /** These parameters as a part of the definition sees them, whose own names they hold with a prefix: {@link Scope#under}. */
    public Parameters under(String part) {
        return new Parameters(prefix + part, frozen, all);
    }

    /** These parameters as a part of the definition sees them that is not to be trained: all that it declares is a buffer. */
    public Parameters frozen() {
        return new Parameters(prefix, true, all);
    }

    private Parameters add(String ownName, Kind kind, Consumer<INDArray> initializer, long[] shape) {
        String name = prefix + ownName;
        if (name.contains("_")) {
            // DL4J finds a parameter's layer by splitting at the underscore, and fails with a NullPointerException
            throw new IllegalArgumentException("name: takes a name without underscore, received \"" + name + "\"");
        }
        if (all.put(name, new Parameter(frozen ? Kind.BUFFER : kind, shape.clone(), initializer)) != null) {
            throw new IllegalArgumentException("name: takes each name once, received \"" + name + "\" again");
        }
        return this;
    }

    Map<String, Parameter> all() {
        return all;
    }

    Kind kind(String name) {
        Parameter parameter = all.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "name: takes one of the declared " + all.keySet() + ", received \"" + name + "\"");
        }
        return parameter.kind();
    }

    boolean isBuffer(String name) {
        return all.containsKey(name) && all.get(name).kind() == Kind.BUFFER;
    }

    /** Names them to DL4J, for which a buffer is a bias. */
    void addTo(SDLayerParams params) {
        all.forEach((name, parameter) -> {
            if (parameter.kind() == Kind.WEIGHT) {
                params.addWeightParam(name, parameter.shape());
            } else {
                params.addBiasParam(name, parameter.shape());
            }
        });
    }

    void initialize(Map<String, INDArray> arrays) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            all.forEach((name, parameter) -> parameter.initializer().accept(arrays.get(name)));
        }
    }
}
