package io.github.dl4jnorms.weight;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class DenseTest {

    private static MultiLayerConfiguration configuration(Layer layer, InputType input) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Nesterovs(0.1, 0.9))
                .l2(0.01)
                .list()
                .layer(layer)
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(input)
                .build();
    }

    private static MultiLayerNetwork network(Layer layer, InputType input) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(layer, input));
        network.init();
        return network;
    }

    @Test
    void trainsAsDl4jsDenseLayer() {
        InputType input = InputType.feedForward(3);
        MultiLayerNetwork ours =
                network(new Dense.Builder().nOut(4).activation(Activation.TANH).build(), input);
        MultiLayerNetwork theirs = network(
                new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(), input);
        theirs.setParam("0_W", ours.getParam("0_W").transpose());
        for (String same : List.of("1_W", "1_b")) {
            theirs.setParam(same, ours.getParam(same));
        }
        for (int step = 0; step < 5; step++) {
            INDArray x = random(step, DataType.DOUBLE, 6, 3);
            INDArray labels = random(10 + step, DataType.DOUBLE, 6, 2);
            ours.fit(x, labels);
            theirs.fit(x, labels);
            assertClose("output", ours.output(x), theirs.output(x));
        }
        assertClose("W", ours.getParam("0_W"), theirs.getParam("0_W").transpose());
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void isAppliedToEachTimeStep(RNNFormat format) {
        Dense layer = new Dense.Builder().nOut(4).activation(Activation.TANH).build();
        assertThat(layer.getOutputType(0, InputType.recurrent(3, 5, format)))
                .isEqualTo(InputType.recurrent(4, 5, format));
        MultiLayerNetwork steps = alone(layer, InputType.recurrent(3, 5, format));
        MultiLayerNetwork one =
                alone(new Dense.Builder().nOut(4).activation(Activation.TANH).build(), InputType.feedForward(3));
        one.setParams(steps.params());
        for (long[] shape : new long[][] {{2, 3, 5}, {1, 3, 7}, {4, 3, 1}}) {
            INDArray x = random(1, DataType.DOUBLE, shape);
            INDArray y = format == RNNFormat.NCW
                    ? steps.output(x)
                    : steps.output(x.permute(0, 2, 1).dup('c')).permute(0, 2, 1);
            for (int t = 0; t < shape[2]; t++) {
                INDArray step = x.permute(2, 0, 1).slice(t).dup('c');
                assertClose("step " + t, y.permute(2, 0, 1).slice(t).dup('c'), one.output(step));
            }
        }
    }

    private static MultiLayerNetwork alone(Layer layer, InputType input) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(layer)
                .setInputType(input)
                .build());
        network.init();
        return network;
    }

    @Test
    void flattensImages() {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            MultiLayerNetwork network =
                    alone(new Dense.Builder().nOut(4).build(), InputType.convolutional(2, 3, 5, format));
            assertThat(network.getParam("0_W").shape()).containsExactly(4, 30);
            INDArray x = format == CNN2DFormat.NCHW
                    ? random(1, DataType.DOUBLE, 2, 5, 2, 3)
                    : random(1, DataType.DOUBLE, 2, 2, 3, 5);
            assertThat(network.output(x).shape()).containsExactly(2, 4);
        }
        MultiLayerNetwork volume = alone(
                new Dense.Builder().nOut(4).build(),
                InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 2, 3, 2, 5));
        assertThat(volume.output(random(1, DataType.DOUBLE, 2, 5, 2, 3, 2)).shape())
                .containsExactly(2, 4);
        assertThat(alone(new Dense.Builder().nOut(4).build(), InputType.convolutionalFlat(2, 3, 5))
                        .getParam("0_W")
                        .shape())
                .containsExactly(4, 30);
    }

    /** Each with no setting at its default. */
    static List<Dense> layers() {
        return List.of(
                layer(Parametrization.none()),
                layer(new WeightNorm(1)),
                layer(WeightNorm.ofWhole()),
                layer(new SpectralNorm(3).withDim(1)),
                layer(SpectralNorm.bounded(1e-3)),
                layer(new WeightStandardization(1e-5, true)));
    }

    private static Dense layer(Parametrization parametrization) {
        return new Dense.Builder()
                .nOut(4)
                .biasInit(0.5)
                .initializer(new WeightInitXavier())
                .activation(Activation.SOFTPLUS)
                .parametrization(parametrization)
                .name("dense")
                .build();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void survivesEverythingThatCopies(Dense layer) throws IOException {
        MultiLayerConfiguration configuration = configuration(layer, InputType.feedForward(3));
        String json = configuration.toJson();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(json);
        assertThat(read).isEqualTo(configuration).hasSameHashCodeAs(configuration);
        assertThat(read.toJson()).isEqualTo(json);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        assertThat(configuration.clone()).isEqualTo(configuration).hasSameHashCodeAs(configuration);
        assertThat(((Dense) read.getConf(0).getLayer()).getParametrization()).isEqualTo(layer.getParametrization());

        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        INDArray x = random(1, DataType.DOUBLE, 5, 3);
        INDArray labels = random(2, DataType.DOUBLE, 5, 2);
        network.fit(x, labels);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork loaded =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        MultiLayerNetwork clone = network.clone();
        for (MultiLayerNetwork each : List.of(network, loaded, clone)) {
            each.fit(x, labels);
            each.fit(x, labels);
        }
        assertThat(loaded.params()).as("loaded").isEqualTo(network.params());
        assertThat(clone.params()).as("clone").isEqualTo(network.params());
    }

    @Test
    void everySettingCountsInEquals() {
        Dense.Builder same = new Dense.Builder().nOut(4);
        assertThat(same.build())
                .isEqualTo(new Dense.Builder().nOut(4).build())
                .isNotEqualTo(new Dense.Builder().nOut(5).build())
                .isNotEqualTo(new Dense.Builder().nOut(4).bias(false).build())
                .isNotEqualTo(new Dense.Builder().nOut(4).biasInit(1).build())
                .isNotEqualTo(
                        new Dense.Builder().nOut(4).activation(Activation.RELU).build())
                .isNotEqualTo(new Dense.Builder()
                        .nOut(4)
                        .parametrization(new SpectralNorm())
                        .build())
                .isNotEqualTo(null);
        assertThat(new SpectralNorm()).isNotEqualTo(SpectralNorm.bounded()).isNotEqualTo(new SpectralNorm(2));
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Dense.Builder().build())
                .withMessage("nOut: takes a number greater than 0, received 0");
        Dense layer = new Dense.Builder().nOut(2).name("dense").build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.setNIn(InputType.convolutional(2, 2, 2), true))
                .withMessageStartingWith("inputType: Dense takes feed-forward and recurrent input, received ")
                .withMessageEndingWith("(layer dense)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alone(new Dense.Builder().nOut(2).build(), null))
                .withMessageStartingWith("nIn: Dense takes the input's channels from the network's input type");
    }
}
