package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.NormLayer;
import io.github.dl4jnorms.layer.ResidualAdd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Edits the configuration of a ComputationGraph. A node's key is its name. */
final class GraphEditor extends LayerEditor<ComputationGraphConfiguration, ComputationGraph> {

    private final ComputationGraphConfiguration copy;

    GraphEditor(ComputationGraphConfiguration configuration) {
        this.copy = configuration.clone();
    }

    @Override
    List<String> keys() {
        return List.copyOf(copy.getVertices().keySet());
    }

    @Override
    Optional<Layer> layer(String key) {
        return residual(key)
                .map(vertex -> (Layer) vertex.getNorm())
                .or(() -> vertex(key).map(vertex -> vertex.getLayerConf().getLayer()));
    }

    /** The end of a residual block, whose norm is taken for a layer of the block's name. */
    private Optional<ResidualAdd> residual(String key) {
        return copy.getVertices().get(key) instanceof ResidualAdd vertex ? Optional.of(vertex) : Optional.empty();
    }

    private Optional<LayerVertex> vertex(String key) {
        return copy.getVertices().get(key) instanceof LayerVertex vertex ? Optional.of(vertex) : Optional.empty();
    }

    @Override
    String name(String key) {
        return key;
    }

    @Override
    Optional<String> onlySource(String key) {
        String source = copy.getVertexInputs().get(key).get(0);
        long uses = copy.getVertexInputs().values().stream()
                .flatMap(List::stream)
                .filter(source::equals)
                .count();
        boolean own = uses == 1
                && !copy.getNetworkOutputs().contains(source)
                && vertex(key).map(LayerVertex::getPreProcessor).isEmpty();
        return own ? Optional.of(source).filter(copy.getVertices()::containsKey) : Optional.empty();
    }

    @Override
    void replace(String key, Layer layer) {
        if (residual(key).isPresent()) {
            ResidualAdd replacement = (ResidualAdd) residual(key).get().clone();
            replacement.setNorm(layer instanceof NormLayer norm ? norm : null);
            copy.getVertices().put(key, replacement);
            return;
        }
        LayerVertex old = vertex(key).orElseThrow();
        NeuralNetConfiguration node = with(old.getLayerConf(), layer);
        LayerVertex replacement = new LayerVertex(node, old.getPreProcessor());
        replacement.setOutputVertex(old.isOutputVertex());
        copy.getVertices().put(key, replacement);
    }

    @Override
    boolean removable(String key) {
        return vertex(key).filter(v -> v.getPreProcessor() == null).isPresent()
                && !copy.getNetworkOutputs().contains(key);
    }

    @Override
    void remove(String key) {
        copy.getVertices().remove(key);
        String source = copy.getVertexInputs().remove(key).get(0);
        copy.getVertexInputs().values().forEach(inputs -> inputs.replaceAll(in -> in.equals(key) ? source : in));
    }

    @Override
    ComputationGraphConfiguration configuration() {
        keys().forEach(key -> vertex(key).ifPresent(vertex -> {
            vertex.getLayerConf().setIterationCount(0);
            vertex.getLayerConf().setEpochCount(0);
        }));
        return copy;
    }

    @Override
    ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(configuration());
        network.init();
        return network;
    }

    @Override
    Map<String, Map<String, INDArray>> parameters(ComputationGraph network) {
        requireInitialized(network.getVertices() != null);
        Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();
        keys().forEach(key -> parameters.put(key, orEmpty(network.getVertex(key).paramTable(false))));
        return parameters;
    }
}
