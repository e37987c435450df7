package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.difference;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.op.ComposedForm;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Both norms in whole networks: workspaces, sizes that change, both kinds of network. */
class NetworkTest {

    /** Batch size, height and width all change from batch to batch, and back. */
    private static List<DataSet> batches(DataType type) {
        List<DataSet> batches = new ArrayList<>();
        int[][] sizes = {{4, 6, 6}, {4, 6, 6}, {3, 8, 5}, {2, 6, 6}, {4, 6, 6}};
        for (int[] s : sizes) {
            batches.add(new DataSet(
                    random(batches.size(), type, s[0], 2, s[1], s[2]), random(100 + batches.size(), type, s[0], 2)));
        }
        return batches;
    }

    @ParameterizedTest
    @CsvSource({"false, DOUBLE", "false, FLOAT", "true, DOUBLE", "true, FLOAT"})
    void workspacesAndNetworkKindMakeNoDifference(boolean composed, DataType type) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            INDArray expected = null;
            for (WorkspaceMode mode : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
                MultiLayerNetwork network = network(mode, type);
                ComputationGraph graph = graph(mode, type);
                graph.setParams(network.params());
                for (DataSet batch : batches(type)) {
                    network.fit(batch);
                    graph.fit(batch);
                    assertClose("graph, " + mode, graph.params(), network.params());
                    assertClose(
                            "its output, " + mode,
                            graph.outputSingle(batch.getFeatures()),
                            network.output(batch.getFeatures()));
                }
                if (expected == null) {
                    expected = network.params();
                }
                assertClose("" + mode, network.params(), expected);
            }
        }
    }

    @Test
    void fusedAndComposedNetworksTrainAlike() {
        INDArray[] params = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            try (ComposedForm form = ComposedForm.use(i == 1)) {
                MultiLayerNetwork network = network(WorkspaceMode.ENABLED, DataType.DOUBLE);
                batches(DataType.DOUBLE).forEach(network::fit);
                params[i] = network.params();
            }
        }
        assertClose("parameters", params[1], params[0]);
    }

    @Test
    void anIteratorsLastPartialBatchIsTrainedOn() {
        List<DataSet> examples =
                new DataSet(random(1, DataType.DOUBLE, 7, 2, 5, 5), random(2, DataType.DOUBLE, 7, 2)).asList();
        MultiLayerNetwork network = network(WorkspaceMode.ENABLED, DataType.DOUBLE);
        network.fit(new ListDataSetIterator<>(examples, 3), 2);
        MultiLayerNetwork byHand = network(WorkspaceMode.NONE, DataType.DOUBLE);
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int from = 0; from < 7; from += 3) {
                byHand.fit(DataSet.merge(examples.subList(from, Math.min(7, from + 3))));
            }
        }
        assertClose("parameters", network.params(), byHand.params());
    }

    /** DL4J knows no BFLOAT16 networks. */
    @Test
    void aSixteenBitNetworkEvaluatesAndTrains() {
        MultiLayerNetwork network = network(WorkspaceMode.ENABLED, DataType.FLOAT16);
        MultiLayerNetwork exact = network(WorkspaceMode.ENABLED, DataType.DOUBLE);
        exact.setParams(network.params().castTo(DataType.DOUBLE));
        INDArray x = random(1, DataType.FLOAT16, 4, 2, 6, 6);
        INDArray labels = random(2, DataType.FLOAT16, 4, 2);
        assertThat(network.output(x).dataType()).isEqualTo(DataType.FLOAT16);
        assertThat(difference(network.output(x), exact.output(x.castTo(DataType.DOUBLE))))
                .isLessThan(5e-3);
        network.fit(x, labels);
        exact.fit(x.castTo(DataType.DOUBLE), labels.castTo(DataType.DOUBLE));
        assertThat(difference(network.params(), exact.params())).isLessThan(1e-2);
    }

    private static MultiLayerNetwork network(WorkspaceMode mode, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(base(mode, type)
                .list()
                .layer(convolution())
                .layer(new BatchNorm.Builder().activation(Activation.RELU).build())
                .layer(convolution())
                .layer(new GroupNorm.Builder()
                        .groups(2)
                        .activation(Activation.TANH)
                        .build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(output())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(WorkspaceMode mode, DataType type) {
        ComputationGraph graph = new ComputationGraph(base(mode, type)
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .addLayer("c1", convolution(), "x")
                .addLayer(
                        "bn",
                        new BatchNorm.Builder().activation(Activation.RELU).build(),
                        "c1")
                .addLayer("c2", convolution(), "bn")
                .addLayer(
                        "gn",
                        new GroupNorm.Builder()
                                .groups(2)
                                .activation(Activation.TANH)
                                .build(),
                        "c2")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "gn")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static NeuralNetConfiguration.Builder base(WorkspaceMode mode, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new Nesterovs(
                        0.1, 0.9)) // not Adam: it blows the rounding errors of a zero gradient up to full steps
                .seed(1)
                .convolutionMode(ConvolutionMode.Same)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode);
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(4).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }
}
