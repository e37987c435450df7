package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** A convolution without the gradient of its input: everything else stays as it is. */
class InputGradientTest {

    /** Floats are oneDNN's, doubles ND4J's. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void theOtherGradientsAreTheSame(DataType type) {
        INDArray x = Nd4j.randn(type, 2, 3, 8, 8);
        INDArray dy = Nd4j.randn(type, 2, 4, 4, 4);
        Pair<Gradient, INDArray> with = backprop(true, type, x, dy);
        Pair<Gradient, INDArray> without = backprop(false, type, x, dy);
        assertThat(with.getSecond().shape()).isEqualTo(x.shape());
        assertThat(without.getSecond()).isNull();
        assertThat(without.getFirst().gradient()).isEqualTo(with.getFirst().gradient());
    }

    private static Pair<Gradient, INDArray> backprop(boolean inputGradient, DataType type, INDArray x, INDArray dy) {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(7)
                .updater(new Sgd(0.1))
                .list()
                .layer(new Conv2D.Builder()
                        .nOut(4)
                        .kernel(3)
                        .stride(2)
                        .padding(1)
                        .inputGradient(inputGradient)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build();
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        network.setInput(x);
        network.feedForward(true, false);
        return network.backpropGradient(dy, null);
    }
}
