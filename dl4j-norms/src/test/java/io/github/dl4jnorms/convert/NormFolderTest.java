package io.github.dl4jnorms.convert;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class NormFolderTest {

    private static final InputType PICTURES = InputType.convolutional(4, 5, 3, CNN2DFormat.NCHW);

    static Stream<Arguments> everyFoldableLayer() {
        InputType channelsLast = InputType.convolutional(4, 5, 3, CNN2DFormat.NHWC);
        InputType volumes = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 4, 5, 2);
        List<Arguments> all = new ArrayList<>();
        for (boolean bias : new boolean[] {true, false}) {
            all.add(Arguments.of("convolution, " + bias, convolution().hasBias(bias), PICTURES));
            all.add(Arguments.of("NHWC, " + bias, convolution().hasBias(bias), channelsLast));
            all.add(Arguments.of("3-D, " + bias, convolution3D().hasBias(bias), volumes));
            all.add(Arguments.of("separable, " + bias, separable().hasBias(bias), PICTURES));
            all.add(Arguments.of("dense, " + bias, dense().hasBias(bias), InputType.feedForward(7)));
        }
        return all.stream();
    }

    private static ConvolutionLayer.Builder convolution() {
        return new ConvolutionLayer.Builder(3, 2).nOut(6).stride(2, 1);
    }

    private static Convolution3D.Builder convolution3D() {
        return new Convolution3D.Builder(2, 2, 2).nOut(6);
    }

    private static SeparableConvolution2D.Builder separable() {
        return new SeparableConvolution2D.Builder(3, 2).nOut(6).depthMultiplier(2);
    }

    private static DenseLayer.Builder dense() {
        return new DenseLayer.Builder().nOut(6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyFoldableLayer")
    void outputsStay(String what, Layer.Builder<?> layer, InputType input) {
        MultiLayerNetwork network = Randomized.parameters(network(
                DataType.DOUBLE,
                input,
                layer.build(),
                new BatchNorm.Builder().epsilon(0.1).activation(Activation.TANH).build()));
        INDArray parameters = network.params().dup();
        NormFolder.Folded<MultiLayerNetwork> folded = NormFolder.fold(network);
        assertThat(folded.folded()).containsExactly("layer1");
        assertThat(folded.left()).isEmpty();
        assertThat(folded.network().getLayer(1).conf().getLayer()).isInstanceOf(ActivationLayer.class);
        INDArray x = input(input, DataType.DOUBLE);
        assertClose("output", folded.network().output(x), network.output(x));
        assertThat(network.params()).isEqualTo(parameters);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void dl4jsNormsInAChain(DataType type) {
        MultiLayerNetwork network = Randomized.parameters(network(
                type,
                PICTURES,
                convolution().hasBias(false).build(),
                new BatchNormalization(),
                new BatchNormalization.Builder().useLogStd(true).build(),
                new BatchNormalization.Builder(true).build(),
                convolution().build(),
                new FrozenLayer(new BatchNormalization())));
        NormFolder.Folded<MultiLayerNetwork> folded = NormFolder.fold(network);
        assertThat(folded.folded()).containsExactly("layer1", "layer2", "layer3", "layer5");
        assertThat(folded.network().getnLayers()).isEqualTo(4);
        INDArray x = input(PICTURES, type);
        assertClose("output", folded.network().output(x), network.output(x));
    }

    @Test
    void whatCannotBeFoldedIsNamed() {
        MultiLayerNetwork network = Randomized.parameters(network(
                DataType.DOUBLE,
                PICTURES,
                new BatchNormalization.Builder().name("first").build(),
                convolution().activation(Activation.RELU).name("active").build(),
                new BatchNormalization.Builder().name("second").build(),
                new DepthwiseConvolution2D.Builder(2, 2).name("deep").build(),
                new BatchNorm.Builder().build(),
                new GroupNorm.Builder().groups(2).build()));
        NormFolder.Folded<MultiLayerNetwork> folded = NormFolder.fold(network);
        assertThat(folded.folded()).isEmpty();
        assertThat(folded.left())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "first", "its input is not one layer's alone",
                        "second", "active before it has an activation of its own",
                        "layer4", "deep before it, DepthwiseConvolution2D, is not foldable"));
        assertThat(folded.network().params()).isEqualTo(network.params());
        assertThat(folded.network().getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
    }

    @Test
    void aGraphsNormsAreFoldedWhereNothingElseUsesTheConvolution() {
        ComputationGraph graph = new ComputationGraph(builder(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("x")
                .addLayer("conv1", convolution().build(), "x")
                .addLayer("bn1", new BatchNormalization(), "conv1")
                .addLayer("conv2", convolution().stride(1, 1).build(), "bn1")
                .addLayer("bn2", new BatchNormalization(), "conv2")
                .addLayer("conv3", convolution().stride(1, 1).build(), "bn1")
                .addLayer("bn3", new BatchNorm.Builder().build(), "conv3")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv3", "bn2", "bn3")
                .addLayer("bn4", new BatchNormalization(), "sum")
                .addLayer("conv5", convolution().build(), "bn4")
                .addLayer("bn5", new BatchNormalization(), "conv5")
                .setOutputs("conv5", "bn5")
                .allowDisconnected(true)
                .validateOutputLayerConfig(false)
                .setInputTypes(PICTURES)
                .build());
        graph.init();
        Randomized.parameters(graph);
        NormFolder.Folded<ComputationGraph> folded = NormFolder.fold(graph);
        assertThat(folded.folded()).containsExactly("bn1", "bn2");
        assertThat(folded.left())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "bn3", "its input is not one layer's alone",
                        "bn4", "sum before it, a vertex, is not foldable",
                        "bn5", "its input is not one layer's alone"));
        assertThat(folded.network().getConfiguration().getVertices()).doesNotContainKeys("bn1", "bn2");
        INDArray x = input(PICTURES, DataType.DOUBLE);
        for (int i = 0; i < 2; i++) {
            assertClose("output " + i, folded.network().output(x)[i], graph.output(x)[i]);
        }
    }

    private static NeuralNetConfiguration.Builder builder(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same);
    }

    private static MultiLayerNetwork network(DataType type, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = builder(type).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        if (!(input instanceof InputType.InputTypeFeedForward)) {
            list.layer(new GlobalPoolingLayer(PoolingType.AVG));
        }
        list.layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build());
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static INDArray input(InputType type, DataType dataType) {
        long[] shape = type.getShape(true);
        shape[0] = 4;
        return random(5, dataType, shape);
    }
}
