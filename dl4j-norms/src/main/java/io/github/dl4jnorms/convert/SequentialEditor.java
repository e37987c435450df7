package io.github.dl4jnorms.convert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Edits the configuration of a MultiLayerNetwork. A layer's key is the index that it had at first. */
final class SequentialEditor extends LayerEditor<MultiLayerConfiguration, MultiLayerNetwork> {

    private final MultiLayerConfiguration copy;
    private final Map<String, NeuralNetConfiguration> nodes = new LinkedHashMap<>();
    private final Map<String, InputPreProcessor> preProcessors = new HashMap<>();

    SequentialEditor(MultiLayerConfiguration configuration) {
        this.copy = configuration.clone();
        for (int i = 0; i < copy.getConfs().size(); i++) {
            nodes.put(String.valueOf(i), copy.getConf(i));
        }
        copy.getInputPreProcessors().forEach((i, preProcessor) -> preProcessors.put(String.valueOf(i), preProcessor));
    }

    @Override
    List<String> keys() {
        return List.copyOf(nodes.keySet());
    }

    @Override
    Optional<Layer> layer(String key) {
        return Optional.of(nodes.get(key).getLayer());
    }

    @Override
    String name(String key) {
        String name = nodes.get(key).getLayer().getLayerName();
        return name == null ? key : name;
    }

    @Override
    Optional<String> onlySource(String key) {
        int index = keys().indexOf(key);
        return index == 0 || preProcessors.containsKey(key) ? Optional.empty() : Optional.of(keys().get(index - 1));
    }

    @Override
    void replace(String key, Layer layer) {
        nodes.put(key, with(nodes.get(key), layer));
    }

    @Override
    boolean removable(String key) {
        return !preProcessors.containsKey(key) && keys().indexOf(key) < nodes.size() - 1;
    }

    @Override
    void remove(String key) {
        nodes.remove(key);
    }

    @Override
    MultiLayerConfiguration configuration() {
        copy.setConfs(new ArrayList<>(nodes.values()));
        Map<Integer, InputPreProcessor> byIndex = new HashMap<>();
        preProcessors.forEach((key, preProcessor) -> byIndex.put(keys().indexOf(key), preProcessor));
        copy.setInputPreProcessors(byIndex);
        copy.setIterationCount(0);
        copy.setEpochCount(0);
        copy.getConfs().forEach(node -> {
            node.setIterationCount(0);
            node.setEpochCount(0);
        });
        return copy;
    }

    @Override
    MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration());
        network.init();
        return network;
    }

    @Override
    Map<String, Map<String, INDArray>> parameters(MultiLayerNetwork network) {
        requireInitialized(network.isInitCalled());
        Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();
        List<String> keys = keys();
        for (int i = 0; i < keys.size(); i++) {
            parameters.put(keys.get(i), orEmpty(network.getLayer(i).paramTable(false)));
        }
        return parameters;
    }
}
