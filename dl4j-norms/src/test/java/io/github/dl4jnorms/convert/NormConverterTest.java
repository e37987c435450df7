package io.github.dl4jnorms.convert;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.NormLayer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

class NormConverterTest {

    private static final InputType PICTURES = InputType.convolutional(4, 5, 3, CNN2DFormat.NCHW);

    static Stream<Arguments> everyBatchNormalization() {
        InputType channelsLast = InputType.convolutional(4, 5, 3, CNN2DFormat.NHWC);
        InputType flat = InputType.convolutionalFlat(4, 5, 3);
        return Stream.of(
                Arguments.of("defaults", new BatchNormalization.Builder(), PICTURES),
                Arguments.of("NHWC", new BatchNormalization.Builder(), channelsLast),
                Arguments.of("dense", new BatchNormalization.Builder(), InputType.feedForward(6)),
                Arguments.of("flat", new BatchNormalization.Builder(), flat),
                Arguments.of(
                        "eps, decay", new BatchNormalization.Builder().eps(0.1).decay(0.7), PICTURES),
                Arguments.of("log10 of deviation", new BatchNormalization.Builder().useLogStd(true), PICTURES),
                Arguments.of("locked", new BatchNormalization.Builder().lockGammaBeta(true), PICTURES),
                Arguments.of("a locked β is ignored", new BatchNormalization.Builder(1, 3, true), PICTURES),
                Arguments.of("minibatches are ignored", new BatchNormalization.Builder().minibatch(false), PICTURES),
                Arguments.of(
                        "an activation is ignored",
                        new BatchNormalization.Builder().activation(Activation.TANH),
                        PICTURES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyBatchNormalization")
    void dl4jsBatchNormalizationBecomesOursAndEvaluatesAndTrainsAlike(
            String what, BatchNormalization.Builder norm, InputType input) {
        MultiLayerNetwork stock = Randomized.parameters(network(norm.build(), input));
        INDArray before = stock.params().dup();
        MultiLayerNetwork ours = NormConverter.to("bn").convert(stock);
        assertThat(normOf(ours)).isInstanceOf(BatchNorm.class);
        INDArray x = input(input);
        INDArray expected = stock.output(x);
        assertClose("output", ours.output(x), expected);
        assertThat(stock.params()).isEqualTo(before);
        INDArray labels = random(7, DataType.DOUBLE, 4, 2);
        for (int i = 0; i < 3; i++) {
            stock.fit(x, labels);
            ours.fit(x, labels);
        }
        assertThat(stock.output(x)).isNotEqualTo(expected);
        assertClose("output after training", ours.output(x), stock.output(x));
    }

    /** Where DL4J locks other values than γ = 1 and β = 0, it and we train differently: its gradient is that of another γ. */
    @ParameterizedTest
    @CsvSource({"3, 2", "3, 0"})
    void lockedValuesThatDl4jAppliesAreCarried(double gamma, double beta) {
        MultiLayerNetwork stock =
                Randomized.parameters(network(new BatchNormalization.Builder(gamma, beta, true).build(), PICTURES));
        INDArray x = input(PICTURES);
        assertClose("output", NormConverter.to("bn").convert(stock).output(x), stock.output(x));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "bn@0.5", "frozen_bn", "gn3", "gn1", "ln", "rms", "in"})
    void everythingElseIsCopiedBitForBit(String norm) {
        MultiLayerNetwork stock = Randomized.parameters(network(new BatchNormalization(), PICTURES));
        MultiLayerNetwork converted = NormConverter.to(norm).convert(stock);
        stock.paramTable().forEach((name, values) -> {
            if (!name.startsWith("1_")) {
                assertThat(converted.getParam(name)).as(name).isEqualTo(values);
            } else if (converted.paramTable().containsKey(name)) {
                assertThat(converted.getParam(name).ravel()).as(name).isEqualTo(values.ravel());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void frozenItEvaluatesAndTrainsAsItEvaluatedBefore(boolean logStd) {
        MultiLayerNetwork stock = Randomized.parameters(
                network(new BatchNormalization.Builder().useLogStd(logStd).build(), PICTURES));
        MultiLayerNetwork frozen = NormConverter.to("frozen_bn").convert(stock);
        INDArray x = input(PICTURES);
        assertClose("output", frozen.output(x), stock.output(x));
        assertClose("training output", frozen.output(x, true), stock.output(x));
        Map<String, INDArray> norm = new HashMap<>();
        frozen.getLayer(1).paramTable().forEach((name, values) -> norm.put(name, values.dup()));
        frozen.fit(x, random(7, DataType.DOUBLE, 4, 2));
        assertThat(frozen.getLayer(1).paramTable()).isEqualTo(norm);
        assertThat(frozen.getParam("0_W")).isNotEqualTo(stock.getParam("0_W"));

        MultiLayerNetwork thawed = NormConverter.to("bn").convert(frozen);
        assertThat(thawed.getLayer(1).paramTable()).isEqualTo(norm);
        assertThat(normOf(thawed))
                .isInstanceOfSatisfying(
                        BatchNorm.class, n -> assertThat(n.isFrozen()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "frozen_bn", "gn2", "ln", "rms", "in"})
    void theLayoutStays(String name) {
        InputType channelsLast = InputType.convolutional(4, 5, 3, CNN2DFormat.NHWC);
        MultiLayerNetwork last = Randomized.parameters(network(new BatchNormalization(), channelsLast));
        MultiLayerNetwork first = Randomized.parameters(network(new BatchNormalization(), PICTURES));
        INDArray x = input(PICTURES);
        assertClose(
                "output",
                NormConverter.to(name)
                        .convert(last)
                        .output(x.permute(0, 2, 3, 1).dup('c')),
                NormConverter.to(name).convert(first).output(x));
    }

    @Test
    void ourNormsAreConvertedToo() {
        MultiLayerNetwork groups = Randomized.parameters(network(
                new GroupNorm.Builder()
                        .groups(3)
                        .epsilon(0.1)
                        .affine(false)
                        .activation(Activation.RELU)
                        .build(),
                PICTURES));
        BatchNorm norm = (BatchNorm) normOf(NormConverter.to("bn@0.8").convert(groups));
        assertThat(norm.getSize()).isEqualTo(6);
        assertThat(norm.getActivation()).isEqualTo(Activation.RELU);
        assertThat(norm.isAffine()).isFalse();
        assertThat(norm.getDecay()).isEqualTo(0.8);
        assertThat(norm.getEpsilon()).isEqualTo(1e-5);
    }

    @ParameterizedTest
    @CsvSource({"bn, 0.7", "bn@0.99, 0.99", "frozen_bn, 0.7"})
    void aBatchNormKeepsItsDecayUnlessTheNameStatesOne(String name, double decay) {
        Layer norm =
                new BatchNorm.Builder().decay(0.7).epsilon(0.1).unbiased(false).build();
        BatchNorm converted = (BatchNorm) normOf(NormConverter.to(name).convert(network(norm, PICTURES)));
        assertThat(converted.getDecay()).isEqualTo(decay);
        assertThat(converted.getEpsilon()).isEqualTo(0.1);
        assertThat(converted.isUnbiased()).isFalse();
    }

    @Test
    void trainingGoesOnWithTheSameSettings() {
        BatchNormalization norm = new BatchNormalization.Builder()
                .updater(new Adam(0.3))
                .dropOut(0.9)
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(7)
                .name("the norm")
                .build();
        NormLayer converted = (NormLayer) normOf(NormConverter.to("gn2").convert(network(norm, PICTURES)));
        assertThat(converted.getUpdaterByParam("gamma")).isEqualTo(new Adam(0.3));
        assertThat(converted.getIDropout()).isEqualTo(norm.getIDropout());
        assertThat(converted.getGradientNormalization()).isEqualTo(GradientNormalization.ClipL2PerLayer);
        assertThat(converted.getGradientNormalizationThreshold()).isEqualTo(7);
        assertThat(converted.getLayerName()).isEqualTo("the norm");
        assertThat(converted.getRegularizationByParam("gamma")).isEmpty();
        MultiLayerNetwork frozenRates = NormConverter.to("bn").convert(network(norm, PICTURES));
        assertThat(normOf(frozenRates).getUpdaterByParam("mean")).isInstanceOf(NoOp.class);
    }

    @Test
    void aConfigurationIsConvertedWithoutItsNetwork() {
        MultiLayerConfiguration stock = configuration(new BatchNormalization(), PICTURES);
        String before = stock.toJson();
        MultiLayerConfiguration converted = NormConverter.to("gn3").convert(stock);
        assertThat(stock.toJson()).isEqualTo(before);
        assertThat(converted.getConf(1).getLayer()).isEqualTo(normOf(network(converted)));
        assertThat(MultiLayerConfiguration.fromJson(converted.toJson())).isEqualTo(converted);
        MultiLayerNetwork network = network(converted);
        assertThat(network.output(input(PICTURES)).shape()).containsExactly(4, 2);
        network.fit(input(PICTURES), random(1, DataType.DOUBLE, 4, 2));
    }

    @Test
    void wrappersStay() {
        BatchNormalization norm = new BatchNormalization();
        MultiLayerNetwork stock = network(new FrozenLayer(norm), PICTURES);
        MultiLayerNetwork converted = NormConverter.to("bn").convert(Randomized.parameters(stock));
        assertThat(converted.getLayerWiseConfigurations().getConf(1).getLayer())
                .isInstanceOfSatisfying(
                        FrozenLayer.class, f -> assertThat(f.getLayer()).isInstanceOf(BatchNorm.class));
        assertClose("output", converted.output(input(PICTURES)), stock.output(input(PICTURES)));
        INDArray gamma = converted.getParam("1_gamma").dup();
        converted.fit(input(PICTURES), random(1, DataType.DOUBLE, 4, 2));
        assertThat(converted.getParam("1_gamma")).isEqualTo(gamma);

        Layer nested = new FrozenLayer(new FrozenLayerWithBackprop(norm));
        assertThat(Wrappers.unwrap(nested)).isSameAs(norm);
        Layer other = new GroupNorm.Builder().groups(2).build();
        assertThat(Wrappers.rewrap(nested, other)).isEqualTo(new FrozenLayer(new FrozenLayerWithBackprop(other)));
        assertThat(Wrappers.unwrap(nested)).isSameAs(norm);
        assertThat(Wrappers.unwrap(new TimeDistributed(norm))).isSameAs(norm);
    }

    @Test
    void noneRemovesTheNormAndKeepsItsActivation() {
        MultiLayerNetwork stock = Randomized.parameters(network(new BatchNormalization(), PICTURES));
        MultiLayerNetwork bare = NormConverter.to("none").convert(stock);
        assertThat(bare.getnLayers()).isEqualTo(stock.getnLayers() - 1);
        assertThat(bare.getParam("0_W")).isEqualTo(stock.getParam("0_W"));
        assertThat(bare.getParam("2_W")).isEqualTo(stock.getParam("3_W"));
        assertThat(bare.output(input(PICTURES)).shape()).containsExactly(4, 2);

        MultiLayerNetwork active =
                network(new BatchNorm.Builder().activation(Activation.RELU).build(), PICTURES);
        Layer left = normOf(NormConverter.to("none").convert(active));
        assertThat(left)
                .isEqualTo(new ActivationLayer.Builder()
                        .activation(Activation.RELU)
                        .name("layer1")
                        .build());
    }

    /** The first layer's input comes through a preprocessor, which has to stay. */
    @Test
    void aNormWithAPreprocessorLeavesItBehind() {
        MultiLayerConfiguration stock = builder()
                .list()
                .layer(new BatchNormalization())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(4).build())
                .layer(output())
                .setInputType(InputType.convolutionalFlat(4, 5, 3))
                .build();
        for (String norm : List.of("gn3", "none")) {
            MultiLayerConfiguration converted = NormConverter.to(norm).convert(stock);
            assertThat(converted.getInputPreProcessors()).isEqualTo(stock.getInputPreProcessors());
            assertThat(network(converted)
                            .output(random(1, DataType.DOUBLE, 2, 60))
                            .shape())
                    .containsExactly(2, 2);
        }
    }

    @Test
    void preprocessorsMoveUpWithTheirLayers() {
        MultiLayerConfiguration stock = configuration(new BatchNormalization(), InputType.convolutionalFlat(4, 5, 3));
        assertThat(stock.getInputPreProcessors()).containsOnlyKeys(0);
        MultiLayerConfiguration dense = builder()
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(4).build())
                .layer(new BatchNormalization())
                .layer(output())
                .setInputType(InputType.convolutional(4, 5, 3))
                .build();
        assertThat(dense.getInputPreProcessors()).containsOnlyKeys(2);
        MultiLayerConfiguration bare = NormConverter.to("none").convert(dense);
        assertThat(bare.getInputPreProcessors()).containsOnlyKeys(1);
        assertThat(network(bare).output(random(1, DataType.DOUBLE, 2, 3, 4, 5)).shape())
                .containsExactly(2, 2);
    }

    @Test
    void groupsThatDoNotDivideAreAnErrorOrAreFitted() {
        MultiLayerConfiguration stock =
                configuration(new BatchNormalization.Builder().name("bn1").build(), PICTURES);
        assertThatThrownBy(() -> NormConverter.to("gn4").convert(stock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groups: takes a divisor of the 6 channels, received 4 (layer bn1);"
                        + " fitGroups() takes the largest below");
        GroupNorm fitted = (GroupNorm)
                NormConverter.to("gn4").fitGroups().convert(stock).getConf(1).getLayer();
        assertThat(fitted.getGroups()).isEqualTo(3);
        fitted = (GroupNorm)
                NormConverter.to("gn").fitGroups().convert(stock).getConf(1).getLayer();
        assertThat(fitted.getGroups()).isEqualTo(6);
    }

    @Test
    void anUninitializedNetworkIsRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(new BatchNormalization(), PICTURES));
        ComputationGraph graph = new ComputationGraph(graph().getConfiguration());
        assertThatThrownBy(() -> NormConverter.to("bn").convert(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network: takes one on which init() was called, received one without it");
        assertThatThrownBy(() -> NormConverter.to("bn").convert(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("network: takes one on which init() was called, received one without it");
    }

    @Test
    void aGraphIsConverted() {
        ComputationGraph stock = Randomized.parameters(graph());
        String configuration = stock.getConfiguration().toJson();
        INDArray x = input(PICTURES);
        ComputationGraph ours = NormConverter.to("bn").convert(stock);
        assertClose("output", ours.outputSingle(x), stock.outputSingle(x));
        assertThat(stock.getConfiguration().toJson()).isEqualTo(configuration);
        INDArray labels = random(7, DataType.DOUBLE, 4, 2);
        for (int i = 0; i < 3; i++) {
            stock.fit(new INDArray[] {x}, new INDArray[] {labels});
            ours.fit(new INDArray[] {x}, new INDArray[] {labels});
        }
        assertClose("output after training", ours.outputSingle(x), stock.outputSingle(x));
        ComputationGraphConfiguration json = ours.getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(json.toJson())).isEqualTo(json);
        assertThat(NormConverter.to("bn").convert(ours).outputSingle(x)).isEqualTo(ours.outputSingle(x));
    }

    @Test
    void onlySomeNormsOfAGraph() {
        ComputationGraph stock = Randomized.parameters(graph());
        ComputationGraph converted = NormConverter.to("gn2")
                .where((name, norm) -> name.equals("bn2"))
                .where((name, norm) -> norm.getSize() == 6)
                .convert(stock);
        assertThat(converted.getLayer("bn1").conf().getLayer()).isInstanceOf(BatchNormalization.class);
        assertThat(converted.getLayer("bn2").conf().getLayer()).isInstanceOf(GroupNorm.class);
        assertThat(converted.getParam("bn1_var")).isEqualTo(stock.getParam("bn1_var"));
        assertThat(converted.outputSingle(input(PICTURES)).shape()).containsExactly(4, 2);
    }

    @Test
    void noneInAGraphConnectsItsNeighbours() {
        ComputationGraph stock = Randomized.parameters(graph());
        ComputationGraph bare = NormConverter.to("none").convert(stock);
        assertThat(bare.getConfiguration().getVertices()).doesNotContainKeys("bn1", "bn2");
        assertThat(bare.getConfiguration().getVertexInputs().get("sum")).containsExactly("conv1", "conv2");
        assertThat(bare.getParam("conv2_W")).isEqualTo(stock.getParam("conv2_W"));
        assertThat(bare.outputSingle(input(PICTURES)).shape()).containsExactly(4, 2);
    }

    /** An ActivationLayer works in place where DL4J lets it, and here something else reads its input. */
    @Test
    void anActivationThatStaysLeavesItsInputToOthers() {
        ComputationGraph stock = new ComputationGraph(builder()
                .activation(Activation.IDENTITY)
                .graphBuilder()
                .addInputs("x")
                .addLayer("conv", convolution(), "x")
                .addLayer(
                        "norm",
                        new BatchNorm.Builder().activation(Activation.RELU).build(),
                        "conv")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm", "conv")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "sum")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .setInputTypes(PICTURES)
                .build());
        stock.init();
        ComputationGraph bare = NormConverter.to("none").convert(stock);
        INDArray x = input(PICTURES);
        Map<String, INDArray> activations = stock.feedForward(x, false);
        INDArray sum = activations.get("conv").add(Transforms.relu(activations.get("conv")));
        assertClose(
                "output",
                bare.outputSingle(x),
                sum.mean(2, 3).mmul(bare.getParam("out_W")).addRowVector(bare.getParam("out_b")));
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("conv1", convolution(), "x")
                .addLayer("bn1", new BatchNormalization(), "conv1")
                .addLayer("conv2", convolution(), "bn1")
                .addLayer("bn2", new BatchNormalization(), "conv2")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn1", "bn2")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "sum")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .setInputTypes(PICTURES)
                .build());
        graph.init();
        return graph;
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .activation(Activation.SOFTSIGN)
                .updater(new Sgd(0.1))
                .l2(0.1)
                .convolutionMode(ConvolutionMode.Same);
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(6).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** A layer of 6 channels, the norm as layer 1, and what makes two numbers of it. */
    private static MultiLayerConfiguration configuration(Layer norm, InputType input) {
        NeuralNetConfiguration.ListBuilder list = builder().list();
        boolean pooled = true;
        if (input instanceof InputType.InputTypeFeedForward) {
            list.layer(new DenseLayer.Builder().nOut(6).build());
            pooled = false;
        } else {
            list.layer(convolution());
        }
        list.layer(norm);
        if (pooled) {
            list.layer(new GlobalPoolingLayer(PoolingType.AVG));
        }
        return list.layer(output()).setInputType(input).build();
    }

    private static MultiLayerNetwork network(Layer norm, InputType input) {
        return network(configuration(norm, input));
    }

    private static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static Layer normOf(MultiLayerNetwork network) {
        return network.getLayer(1).conf().getLayer();
    }

    private static INDArray input(InputType type) {
        long[] shape = type.getShape(true);
        shape[0] = 4;
        return random(5, DataType.DOUBLE, shape);
    }
}
