package io.github.dl4jnorms.weight;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightNormTest {

    @Test
    void startsAtWhatTheInitializerGives() {
        MultiLayerNetwork plain = Effective.network(6, 4, Parametrization.none(), DataType.DOUBLE, 0.1);
        for (WeightNorm norm : new WeightNorm[] {new WeightNorm(), new WeightNorm(1), WeightNorm.ofWhole()}) {
            MultiLayerNetwork network = Effective.network(6, 4, norm, DataType.DOUBLE, 0.1);
            assertClose("v", network.getParam("0_Wv"), plain.getParam("0_W"));
            assertClose("w", Effective.weight(network, false), plain.getParam("0_W"));
        }
    }

    @Test
    void lengthAndDirectionAreParametersOfTheirOwn() {
        MultiLayerNetwork network = Effective.network(6, 4, new WeightNorm(), DataType.DOUBLE, 0.1);
        assertThat(network.paramTable()).containsOnlyKeys("0_Wv", "0_Wg", "0_b");
        assertThat(network.getParam("0_Wg").shape()).containsExactly(4, 1);
        network.getParam("0_Wg").assign(3);
        assertClose(
                "the norm of each output's weights",
                Effective.weight(network, false).norm2(1),
                random(1, DataType.DOUBLE, 4).assign(3));
        INDArray w = Effective.weight(network, false);
        network.getParam("0_Wv").muli(7);
        assertClose("w does not depend on the length of v", Effective.weight(network, false), w);
        assertThat(Effective.network(6, 4, new WeightNorm(1), DataType.FLOAT, 1)
                        .getParam("0_Wg")
                        .shape())
                .containsExactly(1, 6);
        assertThat(Effective.network(6, 4, WeightNorm.ofWhole(), DataType.FLOAT, 1)
                        .getParam("0_Wg")
                        .shape())
                .containsExactly(1, 1);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void dataDependentStart(RNNFormat format) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .list()
                .layer(dense(7).activation(Activation.TANH).build())
                .layer(new Dense.Builder().nOut(5).build())
                .layer(dense(3).build())
                .setInputType(InputType.recurrent(4, 6, format))
                .build());
        network.init();
        INDArray x = random(1, DataType.DOUBLE, format == RNNFormat.NCW ? new long[] {9, 4, 6} : new long[] {9, 6, 4});
        INDArray plain = network.getParam("1_W").dup();
        DataDependentStart.apply(network, x);
        assertStandard(network.output(x), format);
        // the inverse of the activation brings back what the first layer's activation was given
        INDArray tanh = network.feedForward(x).get(1);
        INDArray before = org.nd4j.linalg.ops.transforms.Transforms.atanh(tanh, true);
        assertStandard(before, format);
        assertThat(network.getParam("1_W")).isEqualTo(plain);
    }

    private static void assertStandard(INDArray y, RNNFormat format) {
        BatchStatistics statistics = Norms.batchStatistics(format == RNNFormat.NCW ? y : y.permute(0, 2, 1));
        assertThat(statistics.mean().amaxNumber().doubleValue()).isCloseTo(0, within(1e-10));
        assertThat(statistics.variance().sub(1).amaxNumber().doubleValue()).isCloseTo(0, within(1e-10));
    }

    /** Layers out of order in the configuration, with a branch. */
    @Test
    void dataDependentStartOfAGraph() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.feedForward(4))
                .addLayer("last", dense(3).build(), "sum")
                .addLayer("left", dense(6).activation(Activation.TANH).build(), "x")
                .addLayer("right", dense(6).build(), "x")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .setOutputs("last")
                .build());
        network.init();
        INDArray x = random(1, DataType.DOUBLE, 20, 4);
        DataDependentStart.apply(network, x);
        assertStandard(network.output(x)[0].reshape(20, 3, 1), RNNFormat.NCW);
        assertStandard(network.feedForward(x, false).get("right").reshape(20, 6, 1), RNNFormat.NCW);
    }

    @Test
    void dataDependentStartRefusesWhatItCannotStart() {
        INDArray x = random(1, DataType.DOUBLE, 20, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DataDependentStart.apply(Effective.network(4, 3, WeightNorm.ofWhole(), DataType.DOUBLE, 1), x))
                .withMessageContaining(
                        "takes weight norms of dim 0, one length per output, received WeightNorm[dim=null]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataDependentStart.apply(
                        Effective.network(4, 3, new WeightNorm(), DataType.DOUBLE, 1), x.assign(1)))
                .withMessageContaining("batch: takes examples that differ in every output channel");
        MultiLayerNetwork biasless = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense(3).bias(false).name("dense").build())
                .setInputType(InputType.feedForward(4))
                .build());
        biasless.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataDependentStart.apply(biasless, random(1, DataType.FLOAT, 20, 4)))
                .withMessage("network: takes weight-normalized layers with a bias, received layer dense without");
    }

    @Test
    void refusesADimensionThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Effective.network(3, 2, new WeightNorm(-1), DataType.FLOAT, 1))
                .withMessage("dim: takes 0 to 1 for a weight of shape [2, 3], received -1");
    }

    private static Dense.Builder dense(long nOut) {
        return new Dense.Builder().nOut(nOut).parametrization(new WeightNorm());
    }
}
