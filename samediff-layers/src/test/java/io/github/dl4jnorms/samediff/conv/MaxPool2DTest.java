package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MaxPool2DTest {

    @AfterEach
    void floats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** Against DL4J's layer, which is given the same data; the ties between zeros come from a ReLU. */
    @ParameterizedTest
    @CsvSource({
        "3, 2, 1, 12, 9, NCHW, FLOAT",
        "3, 2, 1, 12, 9, NCHW, DOUBLE",
        "2, 2, 0, 7, 8, NCHW, FLOAT",
        "3, 1, 2, 4, 5, NCHW, FLOAT",
        "1, 3, 0, 5, 5, NCHW, FLOAT",
        "3, 2, 1, 6, 6, NHWC, FLOAT",
        "3, 2, 1, 64, 66, NCHW, FLOAT"
    })
    void isSubsamplingLayer(
            int kernel, int stride, int padding, int height, int width, CNN2DFormat format, DataType type) {
        Layer theirs = new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .convolutionMode(ConvolutionMode.Truncate)
                .build();
        Layer ours = new MaxPool2D.Builder()
                .kernel(kernel)
                .stride(stride)
                .padding(padding)
                .build();
        INDArray x = Nd4j.randn(type, format == CNN2DFormat.NCHW ? shape(5, height, width) : shape(height, width, 5));
        INDArray[] expected = valueAndGradient(theirs, x, format, type);
        INDArray[] received = valueAndGradient(ours, x, format, type);
        assertThat(received[0]).isEqualTo(expected[0]);
        assertThat(received[1]).isEqualTo(expected[1]);
    }

    private static long[] shape(long... tail) {
        return new long[] {2, tail[0], tail[1], tail[2]};
    }

    private static INDArray[] valueAndGradient(Layer layer, INDArray x, CNN2DFormat format, DataType type) {
        MultiLayerNetwork network = network(layer, x, format, type);
        network.setInput(x);
        INDArray y = network.feedForward(true, false).get(1).dup();
        Nd4j.getRandom().setSeed(3);
        INDArray dy = Nd4j.randn(type, y.shape());
        Pair<Gradient, INDArray> gradient = network.backpropGradient(dy.dup(), null);
        return new INDArray[] {y, gradient.getSecond().dup()};
    }

    private static MultiLayerNetwork network(Layer layer, INDArray x, CNN2DFormat format, DataType type) {
        boolean first = format == CNN2DFormat.NCHW;
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .list()
                .layer(layer)
                .setInputType(InputType.convolutional(
                        x.size(first ? 2 : 1), x.size(first ? 3 : 2), x.size(first ? 1 : 3), format))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    @Test
    void theFirstOfEqualValuesHasTheGradient() {
        INDArray x = Nd4j.zeros(DataType.FLOAT, 2, 5, 4, 4);
        INDArray dx = valueAndGradient(new MaxPool2D.Builder().build(), x, CNN2DFormat.NCHW, DataType.FLOAT)[1];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertThat(dx.getFloat(0, 0, i, j) != 0).isEqualTo(i % 2 == 0 && j % 2 == 0);
            }
        }
    }

    @Test
    void gradientsAreRight() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .seed(5)
                .list()
                .layer(new Conv2D.Builder().nOut(3).kernel(3).build())
                .layer(new MaxPool2D.Builder().kernel(3).stride(2).padding(1).build())
                .layer(new CnnLossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(8, 7, 2))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .epsilon(1e-6)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-9)
                        .input(Nd4j.randn(DataType.DOUBLE, 2, 2, 8, 7))
                        .labels(Nd4j.randn(DataType.DOUBLE, 2, 3, 3, 3))))
                .isTrue();
    }

    @Test
    void survivesJson() {
        MaxPool2D layer =
                new MaxPool2D.Builder().kernel(3, 2).stride(1).padding(1, 0).build();
        MultiLayerConfiguration configuration = network(layer, Nd4j.ones(1, 1, 5, 5), CNN2DFormat.NCHW, DataType.FLOAT)
                .getLayerWiseConfigurations();
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(copy).isEqualTo(configuration);
        assertThat(copy.getConf(0).getLayer())
                .hasSameHashCodeAs(configuration.getConf(0).getLayer());
    }

    @Test
    void refusesWhatItCannotPool() {
        assertThatThrownBy(() -> new MaxPool2D.Builder().kernel(2).padding(2).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("padding: takes less than the kernel [2, 2], received [2, 2]");
        MaxPool2D layer = new MaxPool2D.Builder().kernel(5).build();
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(4, 9, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "inputType: a kernel that reaches over 5 pixels takes an input of at least 5, received 4");
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.feedForward(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputType: MaxPool2D takes convolutional input");
    }
}
