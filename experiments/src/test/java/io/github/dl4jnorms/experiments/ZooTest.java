package io.github.dl4jnorms.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormConverter;
import io.github.dl4jnorms.convert.NormFolder;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's model zoo with other norms, and with none: folded. */
class ZooTest {

    static Stream<Arguments> graphs() {
        return Stream.of(
                Arguments.of(
                        ResNet50.builder()
                                .numClasses(3)
                                .inputShape(new int[] {3, 96, 96})
                                .build()
                                .init(),
                        96,
                        53),
                Arguments.of(
                        Darknet19.builder()
                                .numClasses(3)
                                .inputShape(new int[] {3, 64, 64})
                                .build()
                                .init(),
                        64,
                        18),
                Arguments.of(
                        TinyYOLO.builder()
                                .numClasses(3)
                                .inputShape(new int[] {3, 64, 64})
                                .build()
                                .init(),
                        64,
                        8));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void graphsEvaluateTheSameWithOurNormAndFolded(ComputationGraph network, int size, int norms) {
        train(network);
        INDArray x = images(size);
        INDArray expected = network.outputSingle(x).dup();
        assertThat(count(network, BatchNormalization.class)).isEqualTo(norms);

        ComputationGraph ours = NormConverter.to("bn").convert(network);
        assertThat(count(ours, BatchNorm.class)).isEqualTo(norms);
        assertClose(ours.outputSingle(x), expected);

        NormFolder.Folded<ComputationGraph> folded = NormFolder.fold(network);
        System.out.println(folded.left());
        assertThat(folded.folded()).hasSize(norms);
        assertClose(folded.network().outputSingle(x), expected);
    }

    private static long count(ComputationGraph network, Class<?> kind) {
        return network.getConfiguration().getVertices().values().stream()
                .filter(v -> v instanceof LayerVertex layer
                        && kind.isInstance(layer.getLayerConf().getLayer()))
                .count();
    }

    private static void train(Model network) {
        Nd4j.getRandom().setSeed(3);
        for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
            INDArray values = parameter.getValue();
            String name = parameter.getKey();
            if (name.endsWith("_gamma") || name.endsWith("_var")) {
                values.assign(Nd4j.rand(values.dataType(), values.shape()).addi(0.5));
            } else if (name.endsWith("_beta") || name.endsWith("_mean")) {
                values.assign(Nd4j.rand(values.dataType(), values.shape()).subi(0.5));
            }
        }
    }

    private static INDArray images(int size) {
        Nd4j.getRandom().setSeed(5);
        return Nd4j.randn(DataType.FLOAT, 1, 3, size, size);
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        double scale = Math.max(1, expected.amaxNumber().doubleValue());
        System.out.println(expected.amaxNumber() + " " + actual.sub(expected).amaxNumber());
        assertThat(actual.sub(expected).amaxNumber().doubleValue() / scale).isLessThan(1e-5);
    }
}
