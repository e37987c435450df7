package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.weight.Parametrization;
import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;
import io.github.dl4jnorms.weight.WeightStandardization;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A transposed convolution and a convolution, of every parametrization, against finite differences. */
class ParametrizedConvGradientTest {

    record Case(Parametrization parametrization, CNN2DFormat format, int outputPadding, boolean bias) {}

    @BeforeAll
    static void doublePrecision() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void singlePrecision() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Parametrization parametrization : List.of(
                new WeightNorm(),
                new WeightNorm(1),
                WeightNorm.ofWhole(),
                new SpectralNorm(),
                new SpectralNorm().withDim(0),
                new SpectralNorm().withDim(1),
                SpectralNorm.bounded(),
                new WeightStandardization(),
                WeightStandardization.ofNfNet())) {
            cases.add(new Case(parametrization, CNN2DFormat.NCHW, 0, true));
        }
        cases.add(new Case(new SpectralNorm(), CNN2DFormat.NHWC, 1, false));
        cases.add(new Case(new WeightNorm(1), CNN2DFormat.NHWC, 0, true));
        cases.add(new Case(Parametrization.none(), CNN2DFormat.NCHW, 1, true));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsRight(Case c) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new ConvTranspose2D.Builder()
                        .nOut(3)
                        .kernel(2, 3)
                        .stride(2, 2)
                        .padding(1)
                        .outputPadding(c.outputPadding())
                        .bias(c.bias())
                        .biasInit(0.1)
                        .activation(Activation.TANH)
                        .parametrization(c.parametrization())
                        .build())
                .layer(new Conv2D.Builder()
                        .nOut(2)
                        .kernel(c.bias() ? 2 : 1)
                        .bias(c.bias())
                        .parametrization(c.parametrization())
                        .build())
                .layer(new CnnLossLayer.Builder(LossFunction.L2)
                        .activation(Activation.IDENTITY)
                        .format(c.format())
                        .build())
                .setInputType(InputType.convolutional(3, 2, 2, c.format()))
                .build());
        network.init();
        Nd4j.getRandom().setSeed(4);
        INDArray x = c.format() == CNN2DFormat.NCHW
                ? Nd4j.randn(DataType.DOUBLE, 2, 2, 3, 2)
                : Nd4j.randn(DataType.DOUBLE, 2, 3, 2, 2);
        INDArray labels = Nd4j.randn(DataType.DOUBLE, network.output(x).shape());
        network.setInput(x);
        network.setLabels(labels);
        for (int i = 0; c.parametrization() instanceof SpectralNorm && i < 80; i++) {
            network.computeGradientAndScore(); // u and v converge
        }
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(x)
                        .labels(labels)
                        .epsilon(1e-6)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-8)))
                .isTrue();
    }
}
