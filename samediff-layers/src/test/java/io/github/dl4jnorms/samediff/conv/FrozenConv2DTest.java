package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.samediff.Compare;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A frozen convolution: floats are oneDNN's, doubles ND4J's. */
class FrozenConv2DTest {

    private static MultiLayerNetwork network(boolean frozen, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(7)
                .updater(new Adam(0.1))
                .l2(0.1)
                .list()
                .layer(new Conv2D.Builder().nOut(4).kernel(3).padding(1).build())
                .layer(new Conv2D.Builder()
                        .nOut(2)
                        .kernel(3)
                        .padding(1)
                        .activation(Activation.RELU)
                        .frozen(frozen)
                        .build())
                .layer(new CnnLossLayer.Builder()
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(8, 6, 3))
                .build());
        network.init();
        return network;
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void itStaysAsItIsAndWhatIsBeforeItIsTrained(DataType type) {
        MultiLayerNetwork network = network(true, type);
        INDArray before = network.params().dup();
        network.fit(Nd4j.randn(type, 2, 3, 8, 6), Nd4j.randn(type, 2, 2, 8, 6));
        INDArray moved = network.params().neq(before).castTo(DataType.FLOAT);
        long first = network.getLayer(0).numParams();
        assertThat(moved.sumNumber().longValue()).isEqualTo(first);
        assertThat(moved.reshape(-1)
                        .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, first))
                        .sumNumber()
                        .longValue())
                .isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void itHandsOnTheGradientOfATrainedOne(DataType type) {
        INDArray x = Nd4j.randn(type, 2, 3, 8, 6);
        INDArray labels = Nd4j.randn(type, 2, 2, 8, 6);
        Pair<Gradient, INDArray> trained = gradient(false, type, x, labels);
        Pair<Gradient, INDArray> frozen = gradient(true, type, x, labels);
        Compare.assertClose("dx", frozen.getSecond(), trained.getSecond(), 1e-6);
        Compare.assertClose(
                "dW of the layer before",
                frozen.getFirst().getGradientFor("0_W"),
                trained.getFirst().getGradientFor("0_W"),
                1e-6);
        assertThat(frozen.getFirst().getGradientFor("1_W").amaxNumber().doubleValue())
                .isZero();
        assertThat(trained.getFirst().getGradientFor("1_W").amaxNumber().doubleValue())
                .isPositive();
    }

    private static Pair<Gradient, INDArray> gradient(boolean frozen, DataType type, INDArray x, INDArray labels) {
        MultiLayerNetwork network = network(frozen, type);
        network.setLabels(labels);
        return network.calculateGradients(x, labels, null, null);
    }
}
