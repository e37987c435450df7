package io.github.dl4jnorms.samediff.fpn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FeaturePyramidTest {

    private record Net(ComputationGraphConfiguration configuration, ResNet50.Stages stages, List<String> levels) {}

    private static Net net(String norm, int width, int channels) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(8)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(64, 64, 3));
        ResNet50.Stages stages = ResNet50.builder()
                .norm(NormSpec.parse(norm))
                .width(width)
                .blocks(1, 1, 1, 1)
                .build()
                .addTo(graph, "image");
        List<String> levels = FeaturePyramid.addTo(graph, stages, channels, NormSpec.parse(norm));
        graph.setOutputs(levels.toArray(new String[0]));
        return new Net(graph.validateOutputLayerConfig(false).build(), stages, levels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "gn", "none"})
    void levelsHaveStrides8To128AndOneNumberOfChannels(String norm) {
        Net net = net(norm, 64, 256);
        for (int[] size : new int[][] {{64, 64}, {256, 384}}) {
            Map<String, InputType> types =
                    net.configuration().getLayerActivationTypes(true, InputType.convolutional(size[0], size[1], 3));
            assertThat(net.levels()).hasSize(5);
            for (int level = 0; level < 5; level++) {
                int stride = 8 << level;
                assertThat(types.get(net.levels().get(level)))
                        .as("P" + (level + 3))
                        .isEqualTo(InputType.convolutional(
                                (size[0] + stride - 1) / stride, (size[1] + stride - 1) / stride, 256));
            }
        }
    }

    @Test
    void levelsAreNamedAndP6AndP7HaveNoNorm() {
        assertThat(net("bn", 4, 8).levels()).containsExactly("fpn3-norm", "fpn4-norm", "fpn5-norm", "fpn6", "fpn7");
        assertThat(net("none", 4, 8).levels()).containsExactly("fpn3", "fpn4", "fpn5", "fpn6", "fpn7");
        assertThat(net("bn", 4, 8).configuration().getVertices())
                .containsKeys("fpn3-lateral-norm", "fpn4-lateral-norm", "fpn5-lateral-norm")
                .doesNotContainKeys("fpn6-norm", "fpn7-norm");
    }

    /** The top-down path by hand, with lateral and output convolutions that are read back from the network. */
    @Test
    void addsTheUpsampledLevelAbove() {
        Net net = net("none", 2, 4);
        ComputationGraph network = new ComputationGraph(net.configuration());
        network.init();
        Nd4j.getRandom().setSeed(9);
        Map<String, INDArray> values = network.feedForward(Nd4j.rand(DataType.FLOAT, 2, 3, 64, 96), false);

        INDArray top5 = values.get("fpn5-lateral");
        INDArray merged4 = values.get("fpn4-lateral").add(twice(top5));
        INDArray merged3 = values.get("fpn3-lateral").add(twice(merged4));
        Compare.assertClose("merged 4", values.get("fpn4-sum"), merged4, 1e-6);
        Compare.assertClose("merged 3", values.get("fpn3-sum"), merged3, 1e-6);
        for (int level = 3; level <= 7; level++) {
            assertThat(values.get("fpn" + level).shape())
                    .as("P" + level)
                    .containsExactly(2, 4, Math.max(1, 64 >> level), (96 + (1 << level) - 1) >> level);
        }
    }

    /** Nearest upsampling by 2. */
    private static INDArray twice(INDArray x) {
        INDArray y = Nd4j.create(x.dataType(), x.size(0), x.size(1), 2 * x.size(2), 2 * x.size(3));
        for (long n = 0; n < y.size(0); n++) {
            for (long c = 0; c < y.size(1); c++) {
                for (long i = 0; i < y.size(2); i++) {
                    for (long j = 0; j < y.size(3); j++) {
                        y.putScalar(new long[] {n, c, i, j}, x.getDouble(n, c, i / 2, j / 2));
                    }
                }
            }
        }
        return y;
    }
}
