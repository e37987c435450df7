package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.samediff.Compare;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class Conv2DTest {

    private static final int IN = 3;
    private static final int OUT = 4;

    private static MultiLayerConfiguration configuration(Layer layer, InputType input, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Sgd(0.1))
                .list()
                .layer(layer)
                .layer(new CnnLossLayer.Builder()
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(input)
                .build();
    }

    private static MultiLayerNetwork network(Layer layer, InputType input, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(layer, input, type));
        network.init();
        return network;
    }

    private static INDArray output(MultiLayerNetwork network, INDArray x) {
        return network.feedForward(x).get(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 0, 0, 1, 1",
        "3, 3, 1, 1, 1, 1, 1, 1",
        "3, 3, 2, 2, 1, 1, 1, 1",
        "7, 7, 2, 2, 3, 3, 1, 1",
        "2, 3, 2, 1, 1, 0, 1, 2"
    })
    void isConvolutionLayers(int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw) {
        Nd4j.getRandom().setSeed(2);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            InputType input = InputType.convolutional(9, 8, IN);
            MultiLayerNetwork ours = network(
                    new Conv2D.Builder()
                            .nOut(OUT)
                            .kernel(kh, kw)
                            .stride(sh, sw)
                            .padding(ph, pw)
                            .dilation(dh, dw)
                            .activation(Activation.TANH)
                            .build(),
                    input,
                    type);
            MultiLayerNetwork theirs = network(
                    new ConvolutionLayer.Builder(kh, kw)
                            .nOut(OUT)
                            .stride(sh, sw)
                            .padding(ph, pw)
                            .dilation(dh, dw)
                            .convolutionMode(ConvolutionMode.Truncate)
                            .activation(Activation.TANH)
                            .build(),
                    input,
                    type);
            INDArray bias = Nd4j.randn(type, OUT);
            ours.getLayer(0).getParam("b").assign(bias);
            theirs.getLayer(0)
                    .getParam("b")
                    .assign(bias.reshape(theirs.getLayer(0).getParam("b").shape()));
            theirs.getLayer(0).getParam("W").assign(ours.getLayer(0).getParam("W"));
            INDArray x = Nd4j.randn(type, 2, IN, 9, 8);
            INDArray expected = output(theirs, x);
            Compare.assertClose("output", output(ours, x), expected, type == DataType.FLOAT ? 1e-4 : 1e-12);

            DataSet batch = new DataSet(x, Nd4j.randn(type, expected.shape()));
            ours.fit(batch);
            theirs.fit(batch);
            for (String parameter : new String[] {"W", "b"}) {
                INDArray after = theirs.getLayer(0).getParam(parameter);
                Compare.assertClose(
                        parameter + " after a step",
                        ours.getLayer(0).getParam(parameter).reshape(after.shape()),
                        after,
                        type == DataType.FLOAT ? 1e-4 : 1e-12);
            }
        }
    }

    @Test
    void outputTypeIsTheOutputsShape() {
        Conv2D layer = new Conv2D.Builder()
                .nOut(OUT)
                .kernel(2, 3)
                .stride(2, 1)
                .padding(1, 0)
                .dilation(1, 3)
                .build();
        InputType type = layer.getOutputType(0, InputType.convolutional(7, 9, IN, CNN2DFormat.NHWC));
        assertThat(type).isEqualTo(InputType.convolutional(4, 3, OUT, CNN2DFormat.NHWC));
        INDArray y = output(network(layer, InputType.convolutional(7, 9, IN), DataType.FLOAT), Nd4j.rand(2, IN, 7, 9));
        assertThat(y.shape()).containsExactly(2, OUT, 4, 3);
    }

    @Test
    void anotherImageSizeAndBatchAfterTheFirst() {
        MultiLayerNetwork network = network(
                new Conv2D.Builder().nOut(OUT).kernel(3).padding(1).build(),
                InputType.convolutional(6, 6, IN),
                DataType.FLOAT);
        output(network, Nd4j.rand(2, IN, 6, 6));
        assertThat(output(network, Nd4j.rand(5, IN, 8, 4)).shape()).containsExactly(5, OUT, 8, 4);
    }

    @ParameterizedTest
    @CsvSource({"NCHW, true", "NCHW, false", "NHWC, true", "NHWC, false"})
    void survivesEverythingThatCopies(CNN2DFormat format, boolean bias) throws IOException {
        Conv2D layer = new Conv2D.Builder()
                .nOut(OUT)
                .kernel(3, 2)
                .stride(2, 1)
                .padding(0, 1)
                .dilation(1, 2)
                .bias(bias)
                .biasInit(0.25)
                .initializer(new WeightInitXavier())
                .activation(Activation.ELU)
                .build();
        MultiLayerConfiguration configuration =
                configuration(layer, InputType.convolutional(7, 6, IN, format), DataType.FLOAT);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        assertThat(network.numParams()).isEqualTo(OUT * IN * 3 * 2 + (bias ? OUT : 0));
        INDArray x = format == CNN2DFormat.NCHW ? Nd4j.rand(2, IN, 7, 6) : Nd4j.rand(2, 7, 6, IN);
        INDArray y = output(network, x).dup();
        network.fit(new DataSet(x, Nd4j.rand(y.shape())));
        y = output(network, x).dup();

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        assertThat(configuration.clone()).isEqualTo(configuration);
        assertThat(configuration.clone()).hasSameHashCodeAs(configuration);
        assertThat(output(network.clone(), x)).isEqualTo(y);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork back =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        assertThat(output(back, x)).isEqualTo(y);
        assertThat(back.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
    }

    @Test
    void weightsStartAsHeSays() {
        MultiLayerNetwork network = network(
                new Conv2D.Builder().nOut(64).kernel(3).biasInit(0.5).build(),
                InputType.convolutional(4, 4, 32),
                DataType.FLOAT);
        INDArray weight = network.getLayer(0).getParam("W");
        assertThat(weight.shape()).containsExactly(64, 32, 3, 3);
        assertThat(weight.stdNumber().doubleValue())
                .isBetween(0.97 * Math.sqrt(2 / 288.0), 1.03 * Math.sqrt(2 / 288.0));
        assertThat(weight.meanNumber().doubleValue()).isBetween(-0.003, 0.003);
        assertThat(network.getLayer(0).getParam("b").toFloatVector()).containsOnly(0.5f);
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Conv2D.Builder().build())
                .withMessage("nOut: takes a number greater than 0, received 0");
        Conv2D.Builder builder = new Conv2D.Builder().nOut(OUT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.kernel(3, 0))
                .withMessage("kernel: takes one or two numbers of at least 1, received [3, 0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.stride(1, 2, 3))
                .withMessage("stride: takes one or two numbers of at least 1, received [1, 2, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.padding(-1))
                .withMessage("padding: takes one or two numbers of at least 0, received [-1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.dilation())
                .withMessage("dilation: takes one or two numbers of at least 1, received []");
    }

    @Test
    void refusesInputThatItDoesNotFit() {
        Conv2D layer = new Conv2D.Builder()
                .nOut(OUT)
                .kernel(3)
                .dilation(3)
                .padding(1)
                .name("conv")
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(layer, InputType.convolutional(8, 4, IN), DataType.FLOAT))
                .withMessage("inputType: a kernel that reaches over 7 pixels takes an input of at least 5, received 4"
                        + " (layer conv)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.getOutputType(0, InputType.feedForward(10)))
                .withMessageContaining("Conv2D takes convolutional input, received InputTypeFeedForward")
                .withMessageContaining("(layer conv)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.setNIn(InputType.recurrent(10), true))
                .withMessageContaining("Conv2D takes convolutional input, received InputTypeRecurrent");
        MultiLayerConfiguration noInputType = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new Conv2D.Builder().nOut(OUT).build())
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiLayerNetwork(noInputType).init())
                .withMessageStartingWith("nIn: Conv2D takes the input's channels from the network's input type");
    }
}
