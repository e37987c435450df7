package io.github.dl4jnorms.samediff.conv;

import static io.github.dl4jnorms.samediff.Compare.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormConverter;
import io.github.dl4jnorms.convert.NormFolder;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The norms of our ResNet folded into its convolutions, and swapped. */
class Conv2DFoldingTest {

    @ParameterizedTest
    @CsvSource({"DOUBLE, NCHW, 1e-12", "FLOAT, NCHW, 1e-5", "DOUBLE, NHWC, 1e-12"})
    void everyNormOfAResNetIsFolded(DataType type, CNN2DFormat format, double tolerance) {
        ComputationGraph network = network(type, format);
        NormFolder.Folded<ComputationGraph> folded = NormFolder.fold(network);
        assertThat(folded.left()).isEmpty();
        assertThat(folded.folded()).hasSize(17).contains("res1-norm", "res2.0-shortcut-norm", "res5.0");
        assertThat(folded.network().getParam("res1_b")).isNotNull();
        INDArray x = input(type, format);
        assertClose("output", folded.network().outputSingle(x), network.outputSingle(x), tolerance);
        ComputationGraph copy = folded.network().clone();
        assertThat(copy.outputSingle(x)).isEqualTo(folded.network().outputSingle(x));
    }

    @ParameterizedTest
    @CsvSource({"gn2", "none"})
    void aResNetsNormIsSwapped(String norm) {
        ComputationGraph network = network(DataType.FLOAT, CNN2DFormat.NCHW);
        ComputationGraph other = NormConverter.to(norm).convert(network);
        assertThat(other.getParam("res3.0-2_W")).isEqualTo(network.getParam("res3.0-2_W"));
        INDArray x = input(DataType.FLOAT, CNN2DFormat.NCHW);
        assertThat(other.outputSingle(x).shape())
                .isEqualTo(network.outputSingle(x).shape());
    }

    private static ComputationGraph network(DataType type, CNN2DFormat format) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(32, 32, 3, format));
        String features = ResNet50.builder()
                .width(4)
                .blocks(1, 1, 1, 1)
                .build()
                .addTo(graph, "image")
                .c5();
        ComputationGraph network = new ComputationGraph(graph.addLayer(
                        "loss",
                        new CnnLossLayer.Builder(new LossMSE())
                                .activation(Activation.IDENTITY)
                                .format(format)
                                .build(),
                        features)
                .setOutputs("loss")
                .build());
        network.init();
        Nd4j.getRandom().setSeed(5);
        network.paramTable().forEach((name, values) -> {
            if (!name.endsWith("_W")) {
                values.assign(Nd4j.rand(type, values.shape()).addi(0.5));
            }
        });
        return network;
    }

    private static INDArray input(DataType type, CNN2DFormat format) {
        Nd4j.getRandom().setSeed(7);
        return format == CNN2DFormat.NCHW ? Nd4j.randn(type, 2, 3, 32, 32) : Nd4j.randn(type, 2, 32, 32, 3);
    }
}
