package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Conv2DGradientTest {

    /** GradientCheckUtil insists on it. */
    @BeforeAll
    static void doublePrecision() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void singlePrecision() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /**
     * Two convolutions, so that the gradient with respect to the second's input is checked, too. The loss is L2: MSE's score
     * and gradient differ in CnnLossLayer by a factor of H / C on [N, H, W, C].
     */
    @ParameterizedTest
    @CsvSource({
        "NCHW, true, IDENTITY, 1",
        "NCHW, false, TANH, 2",
        "NCHW, true, SIGMOID, 1",
        "NCHW, true, ELU, 2",
        "NCHW, true, SOFTPLUS, 1",
        "NHWC, true, TANH, 1",
        "NHWC, false, IDENTITY, 2"
    })
    void gradientIsRight(CNN2DFormat format, boolean bias, Activation activation, int stride) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new Conv2D.Builder()
                        .nOut(3)
                        .kernel(2, 3)
                        .stride(1, stride)
                        .padding(1)
                        .dilation(2, 1)
                        .bias(bias)
                        .biasInit(0.1)
                        .activation(activation)
                        .build())
                .layer(new Conv2D.Builder()
                        .nOut(2)
                        .kernel(2, 1)
                        .stride(stride)
                        .bias(bias)
                        .activation(activation)
                        .build())
                .layer(new CnnLossLayer.Builder(LossFunction.L2)
                        .activation(Activation.IDENTITY)
                        .format(format)
                        .build())
                .setInputType(InputType.convolutional(5, 4, 2, format))
                .build());
        network.init();
        Nd4j.getRandom().setSeed(4);
        INDArray x = format == CNN2DFormat.NCHW
                ? Nd4j.randn(DataType.DOUBLE, 2, 2, 5, 4)
                : Nd4j.randn(DataType.DOUBLE, 2, 5, 4, 2);
        INDArray labels = Nd4j.randn(DataType.DOUBLE, network.output(x).shape());
        assertThat(network.numParams()).isLessThan(100);
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(x)
                        .labels(labels)
                        .epsilon(1e-6)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-9)))
                .isTrue();
    }
}
