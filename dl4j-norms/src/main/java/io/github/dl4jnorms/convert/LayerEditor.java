package io.github.dl4jnorms.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a network's configuration whose layers can be replaced and removed, whichever kind of network it is. Each node
 * keeps its key, whatever happens to the others.
 *
 * @param <C> the configuration's type
 * @param <N> the network's type
 */
abstract class LayerEditor<C, N extends Model> {

    /** The keys of all nodes, in the order of the configuration. */
    abstract List<String> keys();

    /** The layer of a node, if it is one. */
    abstract Optional<Layer> layer(String key);

    /** The layer's name as the user knows it. */
    abstract String name(String key);

    /** The only node whose output this one takes, if that is unchanged on its way and goes nowhere else. */
    abstract Optional<String> onlySource(String key);

    /** Puts another layer in a layer's place, under its name. */
    abstract void replace(String key, Layer layer);

    /** Whether nothing but the layer would be gone: no preprocessor and no output of the network. */
    abstract boolean removable(String key);

    abstract void remove(String key);

    /** The edited configuration; its counts of iterations and epochs are 0. */
    abstract C configuration();

    /** A network of the edited configuration, initialized. */
    abstract N network();

    /** The parameters of a network with the present nodes: views, by key and name. */
    abstract Map<String, Map<String, INDArray>> parameters(N network);

    /** Puts an activation in a layer's place, or nothing if that will do. */
    final void reduce(String key, Activation activation) {
        if (activation == Activation.IDENTITY && removable(key)) {
            remove(key);
        } else {
            replace(key, new ActivationLayer(activation));
        }
    }

    /** The parameters of the network that is to be edited, of each norm with those that ours would have in its place. */
    final Map<String, Map<String, INDArray>> originalParameters(N network) {
        Map<String, Map<String, INDArray>> parameters = parameters(network);
        parameters.replaceAll((key, table) ->
                layer(key).map(layer -> ExistingNorm.parameters(layer, table)).orElse(table));
        return parameters;
    }

    static void requireInitialized(boolean initialized) {
        if (!initialized) {
            throw new IllegalArgumentException(
                    "network: takes one on which init() was called, received one without it");
        }
    }

    /** A network of the edited configuration with parameters from those that have the same node, name and size; others new. */
    final N network(Map<String, Map<String, INDArray>> from) {
        N edited = network();
        parameters(edited)
                .forEach((key, table) ->
                        table.forEach((name, values) -> carry(from.get(key).get(name), values)));
        return edited;
    }

    private static void carry(INDArray from, INDArray to) {
        if (from != null && from.length() == to.length()) {
            to.assign(from.reshape(to.shape()));
        }
    }

    /** A node's configuration with another layer. */
    static NeuralNetConfiguration with(NeuralNetConfiguration node, Layer layer) {
        Layer old = node.getLayer();
        layer.setLayerName(old.getLayerName());
        NeuralNetConfiguration copy = node.clone();
        copy.setLayer(layer);
        copy.clearVariables();
        return copy;
    }

    static Map<String, INDArray> orEmpty(Map<String, INDArray> table) {
        return table == null ? new LinkedHashMap<>() : table;
    }
}
