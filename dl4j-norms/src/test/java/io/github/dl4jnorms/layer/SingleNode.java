package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.toChannelsLast;

import io.github.dl4jnorms.Arrays;
import io.github.dl4jnorms.Fixture;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One layer or vertex in a graph of its own, fed channels-first arrays whatever its layout. */
final class SingleNode {

    private static final String NAME = "node";

    private final GraphVertex node;
    private final boolean channelsLast;

    /** @param inputs arrays of the shapes and the type to come */
    SingleNode(Object configuration, boolean channelsLast, INDArray... inputs) {
        List<String> names =
                IntStream.range(0, inputs.length).mapToObj(i -> "in" + i).toList();
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(inputs[0].dataType())
                .seed(1)
                .graphBuilder()
                .addInputs(names)
                .setInputTypes(Stream.of(inputs)
                        .map(x -> SingleLayer.inputType(x.shape(), channelsLast))
                        .toArray(InputType[]::new))
                .setOutputs(NAME);
        add(graph, NAME, configuration, names.toArray(new String[0]));
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        network.initGradientsView();
        this.node = network.getVertex(NAME);
        this.channelsLast = channelsLast;
    }

    /** Adds a layer or a vertex to a graph. */
    static void add(GraphBuilder graph, String name, Object configuration, String... inputs) {
        if (configuration instanceof Layer layer) {
            graph.addLayer(name, layer, inputs);
        } else {
            graph.addVertex(name, (org.deeplearning4j.nn.conf.graph.GraphVertex) configuration, inputs);
        }
    }

    SingleNode set(String parameter, INDArray value) {
        get(parameter).assign(value);
        return this;
    }

    INDArray get(String parameter) {
        return node.paramTable(false).get(parameter);
    }

    /** Masks [N, T], null where there is none. */
    void masks(INDArray... masks) {
        node.feedForwardMaskArrays(masks, MaskState.Active, 1);
    }

    INDArray forward(boolean training, INDArray... inputs) {
        for (int i = 0; i < inputs.length; i++) {
            node.setInput(i, toLayout(inputs[i]), LayerWorkspaceMgr.noWorkspaces());
        }
        return toChannelsFirst(node.doForward(training, LayerWorkspaceMgr.noWorkspaces()));
    }

    /** The parameters' gradients, and the inputs', after {@link #forward}; renews buffers. */
    Pair<Gradient, INDArray[]> backward(INDArray dy) {
        node.setEpsilon(toLayout(dy));
        Pair<Gradient, INDArray[]> back = node.doBackward(false, LayerWorkspaceMgr.noWorkspaces());
        return new Pair<>(
                back.getFirst(),
                Stream.of(back.getSecond()).map(this::toChannelsFirst).toArray(INDArray[]::new));
    }

    /** Compares output and gradients with a fixture's, for both layouts and types, training or not. */
    static void isPyTorchs(
            Fixture torch, Object configuration, boolean training, List<String> inputs, String... parameters) {
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (boolean last : new boolean[] {false, true}) {
                of(torch, configuration, type, last, inputs, parameters)
                        .check(torch, type, training, inputs, parameters);
            }
        }
    }

    /** With a fixture's parameters. */
    static SingleNode of(
            Fixture torch,
            Object configuration,
            DataType type,
            boolean last,
            List<String> inputs,
            String... parameters) {
        INDArray[] x = inputs.stream().map(name -> torch.get(name, type)).toArray(INDArray[]::new);
        SingleNode node = new SingleNode(copy(configuration), last, x);
        for (String parameter : parameters) {
            node.set(parameter, torch.get(parameter, type));
        }
        return node;
    }

    /** Runs forward and backward on a fixture's arrays and compares everything that comes out. */
    void check(Fixture torch, DataType type, boolean training, List<String> inputs, String... parameters) {
        INDArray[] x = inputs.stream().map(name -> torch.get(name, type)).toArray(INDArray[]::new);
        assertClose("y", forward(training, x), torch.get("y", type));
        Pair<Gradient, INDArray[]> back = backward(torch.get("dy", type));
        for (int i = 0; i < x.length; i++) {
            assertClose("d" + inputs.get(i), back.getSecond()[i], torch.get("d" + inputs.get(i), type));
        }
        for (String parameter : parameters) {
            if (torch.arrays().containsKey("d" + parameter)) {
                assertClose(
                        "d" + parameter, back.getFirst().getGradientFor(parameter), torch.get("d" + parameter, type));
            }
        }
    }

    /** As a configuration takes its size from the network it is in. */
    private static Object copy(Object configuration) {
        return configuration instanceof Layer layer
                ? layer.clone()
                : ((org.deeplearning4j.nn.conf.graph.GraphVertex) configuration).clone();
    }

    private INDArray toLayout(INDArray x) {
        return channelsLast ? toChannelsLast(x) : x;
    }

    private INDArray toChannelsFirst(INDArray x) {
        return channelsLast ? Arrays.toChannelsFirst(x) : x;
    }
}
