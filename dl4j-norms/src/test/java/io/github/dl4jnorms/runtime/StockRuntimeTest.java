package io.github.dl4jnorms.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * What is wrong with DL4J's own runtime of SameDiff-defined layers and vertices, beside ours. A test of the stock one that
 * fails says that DL4J has mended it. The doubled gradient of a layer is in {@link GradientDoublingTest}.
 */
class StockRuntimeTest {

    private static final double A = 0.5;
    private static final double B = 2;
    private static final double W = 3;
    private static final double T = -1;

    @Test
    void stockVertexDoublesTheGradient() {
        assertThat(analyticOverTrueGradient(new Definitions.StockProduct())).isCloseTo(2.0, within(1e-6));
    }

    @Test
    void definedVertexGivesTheGradient() {
        assertThat(analyticOverTrueGradient(new Definitions.Product())).isCloseTo(1.0, within(1e-6));
    }

    @Test
    void stockLayerIgnoresSetParam() {
        assertThat(afterSetParam(new GradientDoublingTest.StockScale())).isEqualTo(1);
    }

    @Test
    void definedLayerSetsIt() {
        assertThat(afterSetParam(new GradientDoublingTest.DefinedScale())).isEqualTo(7);
    }

    @Test
    void stockVertexThrowsOnAMask() {
        assertThatThrownBy(() -> outputWithMask(new Definitions.StockProduct()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Not yet supported");
    }

    @Test
    void definedVertexTakesOne() {
        assertThat(outputWithMask(new Definitions.Product()).shape()).isEqualTo(new long[] {2, 1, 3});
    }

    @Test
    void stockVertexLosesItsSettingsInAClone() {
        Definitions.StockFactor vertex = new Definitions.StockFactor();
        vertex.setFactor(5);
        assertThat(((Definitions.StockFactor) vertex.clone()).getFactor()).isEqualTo(1);
    }

    @Test
    void definedVertexKeepsThem() {
        Definitions.Product vertex = new Definitions.Product(5);
        Definitions.Product clone = (Definitions.Product) vertex.clone();
        assertThat(clone).isNotSameAs(vertex).isEqualTo(vertex).hasSameHashCodeAs(vertex);
        assertThat(clone.getFactor()).isEqualTo(5);
    }

    @Test
    void stockVertexHidesItsGradientFromClipping() {
        assertThat(productOf(new Definitions.StockProduct()).getVertex("vertex").getGradientsViewArray())
                .isNull();
        assertThat(productOf(new Definitions.Product()).getVertex("vertex").getGradientsViewArray())
                .isNotNull();
    }

    /** For y = w a b and the loss (y − t)², dL/dw = 2 (w a b − t) a b. */
    private static double analyticOverTrueGradient(GraphVertex vertex) {
        return productOf(vertex).gradient().gradient().getDouble(0) / (2 * (W * A * B - T) * A * B);
    }

    private static ComputationGraph productOf(GraphVertex vertex) {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.feedForward(1), InputType.feedForward(1))
                .addVertex("vertex", vertex, "a", "b")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "vertex")
                .setOutputs("loss")
                .build());
        network.init();
        network.params().assign(W);
        network.setInputs(Nd4j.createFromArray(new double[][] {{A}}), Nd4j.createFromArray(new double[][] {{B}}));
        network.setLabels(Nd4j.createFromArray(new double[][] {{T}}));
        network.computeGradientAndScore();
        return network;
    }

    private static double afterSetParam(SameDiffLayer layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer)
                .setInputType(InputType.feedForward(1))
                .build());
        network.init();
        network.setParam("0_w", Nd4j.valueArrayOf(new long[] {1, 1}, 7.0, DataType.FLOAT));
        return network.getParam("0_w").getDouble(0);
    }

    private static INDArray outputWithMask(GraphVertex vertex) {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.recurrent(1), InputType.recurrent(1))
                .addVertex("vertex", vertex, "a", "b")
                .addLayer(
                        "loss",
                        new RnnLossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "vertex")
                .setOutputs("loss")
                .build());
        network.init();
        INDArray x = Arrays.random(1, DataType.FLOAT, 2, 1, 3);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 2, 3);
        return network.output(false, new INDArray[] {x, x}, new INDArray[] {mask, mask}, null)[0];
    }
}
