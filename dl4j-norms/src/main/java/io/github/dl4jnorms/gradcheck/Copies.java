package io.github.dl4jnorms.gradcheck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A layer, a vertex or a network as a graph of double precision without noise and regularization, on copies that share
 * nothing with what was given.
 *
 * <p>Every updater becomes SGD, so that a layer that still answers {@code NoOp} for a parameter says by this that the
 * parameter is not trained by its gradient.
 */
final class Copies {

    /** The name of a lone layer or vertex in its graph. */
    static final String ALONE = "alone";

    private Copies() {}

    static ComputationGraphConfiguration of(Layer layer, InputType... inputs) {
        GraphBuilder graph = graph().addInputs("input").addLayer(ALONE, neutral(layer), "input");
        return graph.setInputTypes(inputs).setOutputs(ALONE).build();
    }

    static ComputationGraphConfiguration of(GraphVertex vertex, InputType... inputs) {
        String[] names = new String[inputs.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = inputs.length == 1 ? "input" : "input" + i;
        }
        GraphVertex copy = vertex.clone();
        neutralize(copy);
        return graph().addInputs(names)
                .addVertex(ALONE, copy, names)
                .setInputTypes(inputs)
                .setOutputs(ALONE)
                .build();
    }

    static ComputationGraphConfiguration of(MultiLayerConfiguration network) {
        GraphBuilder graph = graph().addInputs("input");
        String last = "input";
        for (int i = 0; i < network.getConfs().size(); i++) {
            Layer layer = network.getConf(i).getLayer();
            String name = layer.getLayerName() == null ? "layer" + i : layer.getLayerName();
            graph.addLayer(name, neutral(layer), network.getInputPreProcess(i), last);
            last = name;
        }
        return graph.setOutputs(last).build();
    }

    static ComputationGraphConfiguration of(ComputationGraphConfiguration network) {
        ComputationGraphConfiguration copy = network.clone();
        copy.getVertices().values().forEach(Copies::neutralize);
        copy.setDataType(DataType.DOUBLE);
        return copy;
    }

    private static GraphBuilder graph() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1))
                .graphBuilder()
                .validateOutputLayerConfig(false);
    }

    /** Puts an {@link InputTap} behind each input, and returns their names by the input's. */
    static Map<String, String> tapInputs(ComputationGraphConfiguration network) {
        Map<String, String> taps = new HashMap<>();
        network.getNetworkInputs().forEach(input -> taps.put(input, input + "-tap"));
        network.getVertexInputs().values().forEach(names -> names.replaceAll(name -> taps.getOrDefault(name, name)));
        taps.forEach((input, tap) -> {
            network.getVertices().put(tap, new InputTap());
            network.getVertexInputs().put(tap, List.of(input));
        });
        network.setTopologicalOrder(null);
        network.setTopologicalOrderStr(null);
        return taps;
    }

    private static void neutralize(GraphVertex vertex) {
        if (vertex instanceof LayerVertex v) {
            v.getLayerConf().setMiniBatch(true);
            neutralize(v.getLayerConf().getLayer());
        } else if (vertex instanceof FrozenVertex v) {
            neutralize(v.getUnderlying());
        } else if (vertex instanceof SameDiffVertex v) {
            v.setUpdater(new Sgd(1));
            v.setBiasUpdater(null);
            v.setRegularization(List.of());
            v.setRegularizationBias(List.of());
        }
    }

    private static Layer neutral(Layer layer) {
        Layer copy = layer.clone();
        neutralize(copy);
        return copy;
    }

    /** DL4J's clones share the layers inside wrappers. */
    private static void neutralize(Layer layer) {
        layer.setIDropout(null);
        if (layer instanceof BaseLayer l) {
            l.setIUpdater(new Sgd(1));
            l.setBiasUpdater(null);
            l.setRegularization(List.of());
            l.setRegularizationBias(List.of());
            l.setWeightNoise(null);
        } else if (layer instanceof AbstractSameDiffLayer l) {
            l.setUpdater(new Sgd(1));
            l.setBiasUpdater(null);
            l.setRegularization(List.of());
            l.setRegularizationBias(List.of());
        } else if (layer instanceof BaseWrapperLayer l) {
            l.setUnderlying(neutral(l.getUnderlying()));
        } else if (layer instanceof Bidirectional l) {
            l.setFwd(neutral(l.getFwd()));
            l.setBwd(neutral(l.getBwd()));
        } else if (layer instanceof FrozenLayer l) {
            neutralize(l.getLayer());
        }
    }
}
