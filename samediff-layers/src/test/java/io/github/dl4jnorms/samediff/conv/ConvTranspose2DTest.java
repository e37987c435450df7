package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ConvTranspose2DTest {

    private static MultiLayerNetwork network(KernelLayer layer, InputType input) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(layer)
                .setInputType(input)
                .build());
        network.init();
        return network;
    }

    /** A strided convolution's input size comes back, whatever the output padding had to make up for. */
    @Property(tries = 200)
    void undoesTheSizeOfAConvolution(
            @ForAll @IntRange(min = 8, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 5) int kernel,
            @ForAll @IntRange(min = 1, max = 4) int stride,
            @ForAll @IntRange(max = 2) int padding) {
        Conv2D down = new Conv2D.Builder()
                .nOut(2)
                .kernel(kernel)
                .stride(stride)
                .padding(padding)
                .build();
        ConvTranspose2D up = new ConvTranspose2D.Builder()
                .nOut(3)
                .kernel(kernel)
                .stride(stride)
                .padding(padding)
                .outputPadding((size + 2 * padding - kernel) % stride)
                .build();
        InputType input = InputType.convolutional(size, size, 3);
        assertThat(up.getOutputType(1, down.getOutputType(0, input))).isEqualTo(input);
    }

    /** ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩ with the same weights, [out, in] of the one being [in, out] of the other. */
    @Test
    void isTheAdjointOfTheConvolution() {
        MultiLayerNetwork down = network(
                new Conv2D.Builder()
                        .nOut(2)
                        .kernel(3, 2)
                        .stride(2)
                        .padding(1)
                        .bias(false)
                        .build(),
                InputType.convolutional(7, 6, 3));
        MultiLayerNetwork up = network(
                new ConvTranspose2D.Builder()
                        .nOut(3)
                        .kernel(3, 2)
                        .stride(2)
                        .padding(1)
                        .bias(false)
                        .build(),
                InputType.convolutional(4, 4, 2));
        up.setParam("0_W", down.getParam("0_W"));
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 7, 6);
        INDArray y = Nd4j.randn(DataType.DOUBLE, 2, 2, 4, 4);
        assertThat(down.output(x).mul(y).sumNumber().doubleValue())
                .isCloseTo(
                        up.output(y).mul(x).sumNumber().doubleValue(), org.assertj.core.api.Assertions.within(1e-10));
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void survivesEverythingThatCopies(CNN2DFormat format) throws IOException {
        ConvTranspose2D layer = new ConvTranspose2D.Builder()
                .nOut(4)
                .kernel(3, 2)
                .stride(2, 3)
                .padding(0, 1)
                .dilation(1, 2)
                .outputPadding(1, 2)
                .biasInit(0.25)
                .initializer(new WeightInitXavier())
                .activation(Activation.ELU)
                .parametrization(new SpectralNorm())
                .build();
        MultiLayerNetwork network = network(layer, InputType.convolutional(5, 4, 3, format));
        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
        INDArray x = format == CNN2DFormat.NCHW
                ? Nd4j.rand(DataType.DOUBLE, 2, 3, 5, 4)
                : Nd4j.rand(DataType.DOUBLE, 2, 5, 4, 3);
        INDArray y = network.output(x);
        assertThat(y.shape()).isEqualTo(shape(2, layer.getOutputType(0, InputType.convolutional(5, 4, 3, format))));
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        assertThat(configuration.clone()).isEqualTo(configuration).hasSameHashCodeAs(configuration);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork back =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        assertThat(back.output(x)).isEqualTo(y);
        assertThat(layer)
                .isNotEqualTo(new ConvTranspose2D.Builder().nOut(4).build())
                .isNotEqualTo(new Conv2D.Builder().nOut(4).build());
    }

    private static long[] shape(long n, InputType type) {
        long[] shape = type.getShape(true);
        shape[0] = n;
        return shape;
    }

    /** The true spectral norm of the kernel as a matrix, from the responses to one-hot images of the kernel's size. */
    @Test
    void theBoundHoldsForTheKernelAsAMatrix() {
        MultiLayerNetwork network = network(
                new Conv2D.Builder()
                        .nOut(5)
                        .kernel(2, 3)
                        .bias(false)
                        .parametrization(SpectralNorm.bounded())
                        .build(),
                InputType.convolutional(2, 3, 4));
        network.getParam("0_W").muli(17);
        INDArray images = Nd4j.eye(24).castTo(DataType.DOUBLE).reshape(24, 4, 2, 3);
        for (boolean training : new boolean[] {true, false}) {
            INDArray y = network.getLayer(0).activate(images, training, LayerWorkspaceMgr.noWorkspaces());
            INDArray weight = y.reshape(24, 5).dup('f');
            INDArray values = Nd4j.create(DataType.DOUBLE, 5);
            Nd4j.getBlasWrapper().lapack().gesvd(weight, values, null, null);
            assertThat(values.getDouble(0)).isBetween(1 / 1.0001, 1.0001);
        }
    }

    @Test
    void aWeightNormOfDim1HasALengthPerOutput() {
        MultiLayerNetwork network = network(
                new ConvTranspose2D.Builder()
                        .nOut(4)
                        .kernel(3)
                        .parametrization(new WeightNorm(1))
                        .build(),
                InputType.convolutional(5, 4, 3));
        assertThat(network.getParam("0_Wg").shape()).containsExactly(1, 4, 1, 1);
        Compare.assertClose(
                "g",
                network.getParam("0_Wg").reshape(4),
                network.getParam("0_Wv").norm2(0, 2, 3),
                1e-12);
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvTranspose2D.Builder().build())
                .withMessage("nOut: takes a number greater than 0, received 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvTranspose2D.Builder()
                        .nOut(1)
                        .stride(2, 1)
                        .outputPadding(1)
                        .build())
                .withMessage("outputPadding: takes less than the stride or the dilation, here 1, received 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvTranspose2D.Builder().outputPadding(-1))
                .withMessage("outputPadding: takes one or two numbers of at least 0, received [-1]");
        ConvTranspose2D layer = new ConvTranspose2D.Builder()
                .nOut(1)
                .kernel(2)
                .padding(2)
                .name("up")
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.getOutputType(0, InputType.convolutional(3, 3, 1)))
                .withMessage("inputType: a padding of 2 takes an input with an output of at least 1, received 3, whose"
                        + " output has 0 (layer up)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.setNIn(InputType.feedForward(3), true))
                .withMessageStartingWith("inputType: ConvTranspose2D takes convolutional input, received InputType");
    }
}
