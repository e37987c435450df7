package io.github.dl4jnorms.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.gradcheck.FaultyDense.Fault;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class GradientCheckKitTest {

    private static LSTM lstm() {
        return new LSTM.Builder().nOut(2).activation(Activation.TANH).build();
    }

    private static GradientCheckResult check(Fault fault) {
        return GradientCheck.of(new FaultyDense(fault))
                .input(InputType.feedForward(4))
                .run();
    }

    /** DL4J's own layers are right. */
    @TestFactory
    Stream<DynamicTest> dl4jsLayersPass() {
        List<GradientCheck> checks = new java.util.ArrayList<>(List.of(
                GradientCheck.of(new DenseLayer.Builder()
                                .nOut(3)
                                .activation(Activation.RELU)
                                .build())
                        .input(InputType.feedForward(4)),
                GradientCheck.of(new DenseLayer.Builder().nOut(3).build())
                        .input(InputType.convolutional(2, 3, 2))
                        .name("DenseLayer behind a preprocessor"),
                GradientCheck.of(new SubsamplingLayer.Builder()
                                .kernelSize(2, 2)
                                .stride(1, 1)
                                .build())
                        .input(InputType.convolutional(4, 5, 2)),
                GradientCheck.of(new GlobalPoolingLayer())
                        .input(InputType.recurrent(3, 4))
                        .masked(),
                GradientCheck.of(new LastTimeStep(lstm()))
                        .input(InputType.recurrent(3, 4))
                        .masked(),
                GradientCheck.of(new Bidirectional(lstm())).input(InputType.recurrent(3, 4)),
                GradientCheck.of(new ElementWiseVertex(ElementWiseVertex.Op.Product))
                        .input(InputType.feedForward(3), InputType.feedForward(3)),
                GradientCheck.of(new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new EmbeddingLayer.Builder()
                                        .nIn(5)
                                        .nOut(3)
                                        .build())
                                .build())
                        .name("EmbeddingLayer")
                        .input(InputType.feedForward(1))
                        .inputArrays(Nd4j.createFromArray(new double[][] {{0}, {4}, {2}}))
                        .inputGradients(false)));
        checks.addAll(GradientChecks.over(lstm(), 3, Layout.NCW, Layout.NWC));
        checks.addAll(GradientChecks.over(new BatchNormalization(), 3, Layout.NC, Layout.NCHW, Layout.NHWC));
        checks.addAll(
                GradientChecks.over(new ConvolutionLayer.Builder(2, 2).nOut(2).build(), 3, Layout.NCHW, Layout.NHWC));
        return checks.stream().map(check -> DynamicTest.dynamicTest(check.name(), check::assertPasses));
    }

    @TestFactory
    Stream<DynamicTest> oursPassInEveryLayoutAndMode() {
        return Stream.of(
                        GradientChecks.over(new BatchNorm.Builder().build(), 4, Layout.values()),
                        GradientChecks.over(new BatchNorm.Builder().build(), 4, Layout.values()).stream()
                                .map(check -> check.training(false))
                                .toList(),
                        GradientChecks.over(new GroupNorm.Builder().groups(2).build(), 4, Layout.values()))
                .flatMap(List::stream)
                .map(check -> DynamicTest.dynamicTest(check.name(), check::assertPasses));
    }

    @Test
    void theDoubledGradientOfStockSameDiffLayersIsFound() {
        GradientCheckResult result = GradientCheck.of(new StockScale())
                .input(InputType.feedForward(4))
                .run();
        assertThat(result.passed()).isFalse();
        assertThat(result.arrays()).extracting(ArrayResult::name).containsExactly("w", "input");
        assertThat(result.arrays())
                .allSatisfy(array -> assertThat(array.maxRelativeError()).isEqualTo(1.0 / 3, within(1e-6)));
    }

    @Test
    void theDoubledGradientOfStockSameDiffVertexesIsFound() {
        GradientCheckResult result = GradientCheck.of(new StockProduct())
                .input(InputType.feedForward(4), InputType.feedForward(4))
                .run();
        assertThat(result.passed()).isFalse();
        assertThat(result.arrays()).extracting(ArrayResult::name).containsExactly("w", "input0", "input1");
        assertThat(result.arrays())
                .allSatisfy(array -> assertThat(array.maxRelativeError()).isEqualTo(1.0 / 3, within(1e-6)));
    }

    @Test
    void oneWrongParameterIsNamed() {
        assertThat(check(Fault.NONE).passed()).isTrue();
        GradientCheckResult result = check(Fault.BIAS_TOO_LARGE);
        assertThat(result.passed()).isFalse();
        assertThat(result.faults()).isEmpty();
        ArrayResult worst = result.worst().orElseThrow();
        assertThat(worst.name()).isEqualTo("b");
        assertThat(worst.analytic()).isEqualTo(1.1 * worst.numeric(), within(1e-6));
        assertThat(worst.maxRelativeError()).isEqualTo(0.1 / 2.1, within(1e-6));
        assertThat(result.arrays().stream().filter(a -> a.maxRelativeError() > 1e-7))
                .containsExactly(worst);
        assertThat(result.toString()).contains("FAIL", "<-- wrong", worst.worstIndex());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    NOT_A_NUMBER                | b: its gradient is not finite
                    NO_BIAS_GRADIENT            | b: has no gradient
                    OUTSIDE_OF_THE_VIEW         | b: its gradient is outside of the network's gradient array, where no updater sees it
                    NO_INPUT_GRADIENT           | input: has no gradient
                    SHAPE_OF_THE_INPUT_GRADIENT | input: its gradient has shape [1, 12] where [3, 4] is due
                    DIFFERENT_EACH_TIME         | input: two equal backward passes give different gradients
                    WRITES_INTO_ITS_INPUT       | input: the layer writes into its input
                    WRITES_INTO_ITS_WEIGHTS     | W: the backward pass changes the parameter
                    RANDOM_OUTPUT               | two equal forward passes differ: what is random cannot be checked
                    """)
    void faultsAreNamed(Fault fault, String sentence) {
        GradientCheckResult result = check(fault);
        assertThat(result.faults()).containsExactly(sentence);
        assertThat(result.passed()).isFalse();
        assertThat(result.toString()).contains("FAIL", sentence);
    }

    @Test
    void whatIsNotANumberIsTheWorst() {
        ArrayResult worst = check(Fault.NOT_A_NUMBER).worst().orElseThrow();
        assertThat(worst.name()).isEqualTo("b");
        assertThat(worst.maxRelativeError()).isInfinite();
        assertThat(worst.worstIndex()).isEqualTo("[1]");
    }

    @Test
    void assertPassesThrowsTheTable() {
        GradientCheck check = GradientCheck.of(new StockScale()).input(InputType.feedForward(4));
        assertThatThrownBy(check::assertPasses)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("StockScale NC: FAIL")
                .hasMessageContaining("3.33e-01");
    }

    @Test
    void runningStatisticsAreLeftOut() {
        for (org.deeplearning4j.nn.conf.layers.Layer layer : List.of(
                new BatchNorm.Builder().build(),
                new BatchNormalization.Builder().updater(new NoOp()).build())) {
            GradientCheckResult result =
                    GradientCheck.of(layer).input(InputType.feedForward(4)).run();
            assertThat(result.arrays())
                    .extracting(ArrayResult::name)
                    .containsExactlyInAnyOrder("gamma", "beta", "input");
            assertThat(result.buffers()).hasSize(2).contains("mean");
        }
    }

    /** Whatever training needs and a check must not have: noise, regularization, an updater, float. */
    private static NeuralNetConfiguration.Builder trainingSettings() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.1))
                .l2(0.3)
                .l1Bias(0.1)
                .dropOut(new Dropout(0.5));
    }

    @Test
    void multiLayerNetworkWithLossAndMask() {
        MultiLayerConfiguration network = trainingSettings()
                .list()
                .layer(lstm())
                .layer(new DenseLayer.Builder().nOut(3).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(3, 4))
                .build();
        String before = network.toJson();
        GradientCheckResult result = GradientCheck.of(network)
                .input(InputType.recurrent(3, 4))
                .masked()
                .run();
        assertThat(result.passed()).as(result.toString()).isTrue();
        assertThat(result.arrays())
                .extracting(ArrayResult::name)
                .containsExactly(
                        "layer0.W", "layer0.RW", "layer0.b", "layer1.W", "layer1.b", "layer2.W", "layer2.b", "input");
        assertThat(network.toJson()).as("what was given is left alone").isEqualTo(before);
    }

    private static ComputationGraphConfiguration twoInputs() {
        return trainingSettings()
                .graphBuilder()
                .addInputs("image", "vector")
                .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(2).build(), "image")
                .addLayer("norm", new GroupNorm.Builder().groups(1).build(), "conv")
                .addLayer(
                        "frozen",
                        new FrozenLayerWithBackprop(
                                new DenseLayer.Builder().nOut(3).build()),
                        "norm")
                .addLayer("dense", new DenseLayer.Builder().nOut(3).build(), "vector")
                .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "frozen", "dense")
                .addVertex("all", new MergeVertex(), "product", "vector")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build(),
                        "all")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(3, 3, 2), InputType.feedForward(3))
                .build();
    }

    @Test
    void computationGraphWithTwoInputsAVertexAndALoss() {
        ComputationGraphConfiguration network = twoInputs();
        String before = network.toJson();
        GradientCheckResult result = GradientCheck.of(network)
                .input(InputType.convolutional(3, 3, 2), InputType.feedForward(3))
                .run();
        assertThat(result.passed()).as(result.toString()).isTrue();
        assertThat(result.arrays())
                .extracting(ArrayResult::name)
                .contains("conv.W", "norm.gamma", "dense.b", "out.W", "image", "vector");
        assertThat(result.buffers()).contains("frozen.W", "frozen.b");
        assertThat(network.toJson()).as("what was given is left alone").isEqualTo(before);
    }

    @Test
    void aWrapperThatIsGivenIsLeftAlone() {
        LSTM inner = new LSTM.Builder().nOut(2).l2(0.5).updater(new Adam(0.1)).build();
        GradientCheck.of(new LastTimeStep(inner))
                .input(InputType.recurrent(3, 4))
                .assertPasses();
        assertThat(inner.getNIn()).isZero();
        assertThat(inner.getIUpdater()).isEqualTo(new Adam(0.1));
    }

    @Test
    void frozenLayersAreLeftOut() {
        GradientCheckResult result = GradientCheck.of(
                        new FrozenLayer(new DenseLayer.Builder().nOut(3).build()))
                .input(InputType.feedForward(4))
                .inputGradients(false)
                .run();
        assertThat(result.arrays()).isEmpty();
        assertThat(result.buffers()).containsExactly("W", "b");
    }

    /** ReLU's corner lies within the first step of three of the entries, of which one lies on it. */
    @Test
    void aKinkIsLeftBehindByAShorterStep() {
        GradientCheckResult result = GradientCheck.of(new ActivationLayer(Activation.RELU))
                .input(InputType.feedForward(3))
                .inputArrays(Nd4j.createFromArray(new double[][] {{5e-7, -5e-7, 1}, {2, -2, -5e-8}}))
                .run();
        assertThat(result.passed()).as(result.toString()).isTrue();
        assertThat(GradientCheck.of(new ActivationLayer(Activation.RELU))
                        .input(InputType.feedForward(1))
                        .inputArrays(Nd4j.createFromArray(new double[][] {{0}}))
                        .run()
                        .passed())
                .as("on the corner there is no derivative")
                .isFalse();
    }

    @Test
    void aRandomSubsetOfLargeArraysIsTheSameForASeed() {
        GradientCheck check = GradientCheck.of(new DenseLayer.Builder().nOut(30).build())
                .input(InputType.feedForward(40))
                .entriesPerArray(7);
        GradientCheckResult result = check.run();
        assertThat(result.arrays()).extracting(ArrayResult::checked).containsExactly(7, 7, 7);
        assertThat(result.arrays().get(0).length()).isEqualTo(1200);
        assertThat(check.run()).isEqualTo(result);
        assertThat(check.seed(1).run()).isNotEqualTo(result);
        assertThat(result.checked()).isEqualTo(21);
    }

    @Test
    void namesSayWhatIsChecked() {
        assertThat(GradientChecks.over(new BatchNorm.Builder().build(), 4, Layout.NC, Layout.NWC))
                .extracting(GradientCheck::name)
                .containsExactly("BatchNorm NC", "BatchNorm NWC", "BatchNorm NWC masked");
        assertThat(GradientCheck.of(new BatchNorm())
                        .input(InputType.feedForward(2))
                        .training(false)
                        .name())
                .isEqualTo("BatchNorm NC evaluation");
    }

    @Test
    void theDefaultTypeIsAsBefore() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        check(Fault.NONE);
        assertThat(Nd4j.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(Nd4j.defaultFloatingPointType()).isEqualTo(DataType.FLOAT);
    }

    @Test
    void wrongUse() {
        GradientCheck dense = GradientCheck.of(new DenseLayer.Builder().nOut(3).build());
        assertThatThrownBy(dense::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input: takes an InputType for each input, received none");
        assertThatThrownBy(() -> dense.input(InputType.feedForward(2)).masked().run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("masked: takes a recurrent input, received");
        assertThatThrownBy(
                        () -> GradientCheck.of(new DenseLayer.Builder().nOut(3).build())
                                .input(InputType.feedForward(2))
                                .inputArrays(Nd4j.ones(3, 2), Nd4j.ones(3, 2))
                                .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inputArrays: takes one for each of 1 inputs, received 2");
        assertThatThrownBy(() -> dense.epsilon(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epsilon: takes a number greater than 0, received 0.0");
        assertThatThrownBy(() -> GradientCheck.of(twoInputs())
                        .input(InputType.convolutional(3, 3, 2))
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[image, vector]");
        assertThatThrownBy(() -> GradientCheck.of(twoInputs())
                        .input(InputType.convolutional(3, 3, 2), InputType.feedForward(3))
                        .training(false)
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("training: takes true for a network with a loss");
    }
}
