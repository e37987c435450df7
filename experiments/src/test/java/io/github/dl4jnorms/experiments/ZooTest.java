package io.github.dl4jnorms.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormConverter;
import io.github.dl4jnorms.convert.NormFolder;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's model zoo with other norms, and with none: folded. */
class ZooTest {

    @Test
    void resNet50() {
        ComputationGraph network = ResNet50.builder()
                .numClasses(3)
                .inputShape(new int[] {3, 96, 96})
                .build()
                .init();
        norms(network, 96, 53);
    }

    @Test
    void darknet19() {
        ComputationGraph network = Darknet19.builder()
                .numClasses(3)
                .inputShape(new int[] {3, 64, 64})
                .build()
                .init();
        norms(network, 64, 18);
    }

    @Test
    void tinyYolo() {
        ComputationGraph network = TinyYOLO.builder()
                .numClasses(3)
                .inputShape(new int[] {3, 64, 64})
                .build()
                .init();
        norms(network, 64, 8);
    }

    @Test
    void simpleCnn() {
        MultiLayerNetwork network = (MultiLayerNetwork) SimpleCNN.builder()
                .numClasses(3)
                .inputShape(new int[] {3, 48, 48})
                .build()
                .init();
        randomize(network);
        INDArray x = images(48);
        INDArray expected = network.output(x).dup();
        MultiLayerNetwork ours = NormConverter.to("bn").convert(network);
        assertClose(ours.output(x), expected);
        assertThat(NormConverter.to("gn32")
                        .fitGroups()
                        .convert(network)
                        .output(x)
                        .shape())
                .isEqualTo(expected.shape());
        NormFolder.Folded<MultiLayerNetwork> folded = NormFolder.fold(network);
        assertThat(folded.left()).isEmpty();
        assertThat(folded.folded()).hasSize(9);
        assertClose(folded.network().output(x), expected);
    }

    private static void norms(ComputationGraph network, int size, int norms) {
        randomize(network);
        INDArray x = images(size);
        INDArray expected = network.outputSingle(x).dup();
        assertThat(expected.amaxNumber().doubleValue()).isFinite().isPositive();
        assertThat(count(layers(network), BatchNormalization.class)).isEqualTo(norms);

        ComputationGraph ours = NormConverter.to("bn").convert(network);
        assertThat(count(layers(ours), BatchNorm.class)).isEqualTo(norms);
        assertClose(ours.outputSingle(x), expected);

        ComputationGraph groups = NormConverter.to("gn32").fitGroups().convert(network);
        assertThat(count(layers(groups), GroupNorm.class)).isEqualTo(norms);
        assertThat(groups.outputSingle(x).shape()).isEqualTo(expected.shape());

        NormFolder.Folded<ComputationGraph> folded = NormFolder.fold(network);
        assertThat(folded.left()).isEmpty();
        assertThat(folded.folded()).hasSize(norms);
        assertThat(count(layers(folded.network()), BatchNormalization.class)).isZero();
        assertClose(folded.network().outputSingle(x), expected);
    }

    private static Stream<Layer> layers(ComputationGraph network) {
        return Stream.of(network.getLayers()).map(layer -> layer.conf().getLayer());
    }

    private static Stream<Layer> layers(MultiLayerNetwork network) {
        return Stream.of(network.getLayers()).map(layer -> layer.conf().getLayer());
    }

    private static int count(Stream<Layer> layers, Class<?> kind) {
        return (int) layers.filter(kind::isInstance).count();
    }

    /** Norms as if they had been trained, and weights that keep the activations' size and the classes undecided. */
    private static void randomize(Model network) {
        Nd4j.getRandom().setSeed(3);
        network.paramTable().forEach((name, values) -> {
            if (name.endsWith("_gamma") || name.endsWith("_var")) {
                values.assign(Nd4j.rand(values.dataType(), values.shape()).addi(0.5));
            } else if (name.endsWith("_beta") || name.endsWith("_mean")) {
                values.assign(Nd4j.rand(values.dataType(), values.shape()).subi(0.5));
            } else if (name.endsWith("_W")) {
                double fanIn = values.rank() == 4 ? (double) values.length() / values.size(0) : 100.0 * values.size(0);
                values.assign(Nd4j.randn(values.dataType(), values.shape()).divi(Math.sqrt(fanIn)));
            }
        });
    }

    private static INDArray images(int size) {
        Nd4j.getRandom().setSeed(5);
        return Nd4j.randn(DataType.FLOAT, 1, 3, size, size);
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        double scale = Math.max(1, expected.amaxNumber().doubleValue());
        assertThat(actual.sub(expected).amaxNumber().doubleValue() / scale).isLessThan(1e-5);
    }
}
