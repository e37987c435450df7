package io.github.dl4jnorms.samediff.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.ResidualAdd;
import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;

class ResNet50Test {

    /** torchvision's resnet50 without fc: weights, γ, β. Printed by {@code src/test/python/resnet.py}, like the next. */
    private static final long TORCHVISION_PARAMETERS = 23_508_032;

    private static final long TORCHVISION_RUNNING_STATISTICS = 53_120;
    private static final int CONVOLUTIONS = 53;
    private static final double EXACT = 1e-10;

    private record Net(ComputationGraphConfiguration configuration, ResNet50.Stages stages) {

        List<Layer> layers() {
            return configuration.getVertices().values().stream()
                    .map(Net::layer)
                    .filter(Objects::nonNull)
                    .toList();
        }

        private static Layer layer(GraphVertex vertex) {
            return vertex instanceof ResidualAdd end
                    ? end.getNorm()
                    : ((LayerVertex) vertex).getLayerConf().getLayer();
        }

        Conv2D convolution(String name) {
            return (Conv2D) ((LayerVertex) configuration.getVertices().get(name))
                    .getLayerConf()
                    .getLayer();
        }

        List<InputType> stageTypes(int height, int width) {
            Map<String, InputType> types =
                    configuration.getLayerActivationTypes(true, InputType.convolutional(height, width, 3));
            return Stream.of(stages.c2(), stages.c3(), stages.c4(), stages.c5())
                    .map(types::get)
                    .toList();
        }
    }

    private static Net net(ResNet50.Builder resnet, DataType type) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(64, 64, 3));
        ResNet50.Stages stages = resnet.build().addTo(graph, "image");
        graph.addLayer(
                        "loss",
                        new CnnLossLayer.Builder()
                                .activation(Activation.IDENTITY)
                                .build(),
                        stages.c5())
                .setOutputs("loss");
        return new Net(graph.build(), stages);
    }

    private static Net net(String norm) {
        return net(ResNet50.builder().norm(NormSpec.parse(norm)), DataType.FLOAT);
    }

    private static long parameters(Net net) {
        return net.layers().stream()
                .mapToLong(layer ->
                        layer.initializer() == null ? 0 : layer.initializer().numParams(layer))
                .sum();
    }

    @Test
    void hasAsManyParametersAsTorchvisions() {
        Net net = net("bn");
        assertThat(net.layers()).filteredOn(Conv2D.class::isInstance).hasSize(CONVOLUTIONS);
        assertThat(net.layers()).filteredOn(BatchNorm.class::isInstance).hasSize(CONVOLUTIONS);
        assertThat(parameters(net)).isEqualTo(TORCHVISION_PARAMETERS + TORCHVISION_RUNNING_STATISTICS);
        // γ and β as many as means and variances
        assertThat(parameters(net("gn"))).isEqualTo(TORCHVISION_PARAMETERS);
    }

    @Test
    void withoutANormEachConvolutionHasABias() {
        Net net = net("none");
        assertThat(net.layers()).noneMatch(layer -> layer instanceof BatchNorm || layer instanceof GroupNorm);
        assertThat(net.layers())
                .filteredOn(Conv2D.class::isInstance)
                .hasSize(CONVOLUTIONS)
                .allMatch(layer -> ((Conv2D) layer).isBias());
        // a bias instead of γ and β
        assertThat(parameters(net)).isEqualTo(TORCHVISION_PARAMETERS - TORCHVISION_RUNNING_STATISTICS / 2);
        assertThat(net("bn").layers())
                .filteredOn(Conv2D.class::isInstance)
                .noneMatch(layer -> ((Conv2D) layer).isBias());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "gn", "none"})
    void stagesHaveStrides4To32(String norm) {
        Net net = net(norm);
        for (int[] size : new int[][] {{64, 64}, {224, 224}, {96, 160}}) {
            List<InputType> types = net.stageTypes(size[0], size[1]);
            for (int stage = 0; stage < 4; stage++) {
                int stride = 4 << stage;
                assertThat(types.get(stage))
                        .as("C" + (stage + 2))
                        .isEqualTo(InputType.convolutional(size[0] / stride, size[1] / stride, 256 << stage));
            }
        }
    }

    @Test
    void strideIsInThe3x3Convolution() {
        Net net = net("bn");
        for (int stage = 2; stage <= 5; stage++) {
            String block = "res" + stage + ".0";
            int stride = stage == 2 ? 1 : 2;
            assertThat(net.convolution(block + "-1").getStride()).containsExactly(1, 1);
            assertThat(net.convolution(block + "-2").getStride()).containsExactly(stride, stride);
            assertThat(net.convolution(block + "-2").getKernel()).containsExactly(3, 3);
            assertThat(net.convolution(block + "-3").getStride()).containsExactly(1, 1);
            assertThat(net.convolution(block + "-shortcut").getStride()).containsExactly(stride, stride);
            assertThat(net.convolution("res" + stage + ".1-2").getStride()).containsExactly(1, 1);
            assertThat(net.configuration().getVertices()).doesNotContainKey("res" + stage + ".1-shortcut");
        }
    }

    @Test
    void blocksMakeOtherResNets() {
        Net resnet101 = net(ResNet50.builder().blocks(3, 4, 23, 3), DataType.FLOAT);
        // torchvision's resnet101 has 44,549,160 with its classifier of 2,049,000
        assertThat(parameters(resnet101) - runningStatistics(resnet101)).isEqualTo(44_549_160 - 2_049_000);
    }

    private static long runningStatistics(Net net) {
        return net.layers().stream()
                .filter(BatchNorm.class::isInstance)
                .mapToLong(layer -> 2 * ((BatchNorm) layer).getSize())
                .sum();
    }

    @Test
    void computesWhatTorchvisionsDoes() {
        Map<String, INDArray> torch = Compare.npz("/resnet/resnet.npz");
        Net net = net(ResNet50.builder().width(2).blocks(1, 2, 1, 1), DataType.DOUBLE);
        ComputationGraph network = new ComputationGraph(net.configuration());
        network.init();
        Map<String, INDArray> parameters = network.paramTable();
        assertThat(torch.keySet()).containsAll(parameters.keySet());
        assertThat(torch.keySet().stream().filter(name -> name.startsWith("res")))
                .containsExactlyInAnyOrderElementsOf(parameters.keySet());
        parameters.forEach((name, value) -> value.assign(torch.get(name).reshape(value.shape())));

        network.setInput(0, torch.get("image"));
        assertStages(net, network.feedForward(true, false, true), torch, "");
        // the running statistics follow in the backward pass
        network.setLabels(torch.get("c5"));
        network.computeGradientAndScore();
        Compare.assertClose("running mean", parameters.get("res1-norm_mean").ravel(), torch.get("after_mean"), EXACT);
        Compare.assertClose(
                "running variance", parameters.get("res1-norm_variance").ravel(), torch.get("after_var"), EXACT);

        assertStages(net, network.feedForward(torch.get("imageEval"), false), torch, "Eval");
    }

    private static void assertStages(
            Net net, Map<String, INDArray> activations, Map<String, INDArray> torch, String suffix) {
        ResNet50.Stages stages = net.stages();
        Compare.assertClose("C2" + suffix, activations.get(stages.c2()), torch.get("c2" + suffix), EXACT);
        Compare.assertClose("C3" + suffix, activations.get(stages.c3()), torch.get("c3" + suffix), EXACT);
        Compare.assertClose("C4" + suffix, activations.get(stages.c4()), torch.get("c4" + suffix), EXACT);
        Compare.assertClose("C5" + suffix, activations.get(stages.c5()), torch.get("c5" + suffix), EXACT);
    }

    @Test
    void groupsThatDoNotDivideTheChannelsAreNamed() {
        ComputationGraphConfiguration configuration = net(
                        ResNet50.builder().width(4).norm(NormSpec.parse("gn3")), DataType.FLOAT)
                .configuration();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ComputationGraph(configuration).init())
                .withMessageContaining("groups")
                .withMessageContaining("3")
                .withMessageContaining("4");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    3,4,6   | blocks: takes four numbers greater than 0, received [3, 4, 6]
                    3,4,0,3 | blocks: takes four numbers greater than 0, received [3, 4, 0, 3]
                    """)
    void refusesOtherNumbersOfBlocks(String blocks, String message) {
        int[] numbers =
                Arrays.stream(blocks.split(",")).mapToInt(Integer::parseInt).toArray();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResNet50.builder().blocks(numbers))
                .withMessage(message);
    }

    @Test
    void refusesNoWidth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResNet50.builder().width(0))
                .withMessage("width: takes a number greater than 0, received 0");
    }
}
