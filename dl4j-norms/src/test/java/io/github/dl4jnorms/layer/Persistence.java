package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** JSON, YAML, saving, loading, cloning of a graph with one layer or vertex. */
final class Persistence {

    private Persistence() {}

    /** @param shapes of the inputs, channels first */
    static void check(Object configuration, long[]... shapes) {
        ComputationGraphConfiguration conf = conf(configuration, shapes);
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(conf.toJson());
        assertThat(read).isEqualTo(conf);
        assertThat(read.toJson()).isEqualTo(conf.toJson());
        assertThat(ComputationGraphConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
        assertThat(conf.clone()).isEqualTo(conf);
        assertThat(node(read)).isEqualTo(node(conf)).hasSameHashCodeAs(node(conf));

        INDArray[] x = IntStream.range(0, shapes.length)
                .mapToObj(i -> random(i + 1, DataType.FLOAT, shapes[i]))
                .toArray(INDArray[]::new);
        INDArray[] labels = {random(9, DataType.FLOAT, shapes[0][0], 2)};
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        network.fit(x, labels);
        ComputationGraph loaded = loaded(network);
        ComputationGraph clone = network.clone();
        assertThat(loaded.params()).isEqualTo(network.params());
        assertThat(loaded.outputSingle(x)).isEqualTo(network.outputSingle(x));
        for (ComputationGraph each : List.of(network, loaded, clone)) {
            each.fit(x, labels);
            each.fit(x, labels);
        }
        assertThat(loaded.params()).as("loaded").isEqualTo(network.params());
        assertThat(clone.params()).as("clone").isEqualTo(network.params());
    }

    private static Object node(ComputationGraphConfiguration conf) {
        var vertex = conf.getVertices().get("node");
        return vertex instanceof org.deeplearning4j.nn.conf.graph.LayerVertex layer
                ? layer.getLayerConf().getLayer()
                : vertex;
    }

    private static ComputationGraphConfiguration conf(Object configuration, long[]... shapes) {
        String[] in = IntStream.range(0, shapes.length).mapToObj(i -> "in" + i).toArray(String[]::new);
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(0.01, 0.9))
                .seed(1)
                .graphBuilder()
                .addInputs(in)
                .setInputTypes(Stream.of(shapes)
                        .map(s -> SingleLayer.inputType(s, false))
                        .toArray(InputType[]::new));
        SingleNode.add(graph, "node", configuration, in);
        Layer output = new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
        return graph.addLayer("flatten", new Flatten(), "node")
                .addLayer("out", output, "flatten")
                .setOutputs("out")
                .build();
    }

    private static ComputationGraph loaded(ComputationGraph network) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, bytes, true);
            return ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
