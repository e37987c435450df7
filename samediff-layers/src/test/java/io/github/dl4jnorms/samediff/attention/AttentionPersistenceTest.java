package io.github.dl4jnorms.samediff.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class AttentionPersistenceTest {

    static Stream<Layer> layers() {
        return Stream.of(
                new AttentionBlock.Builder().heads(2).build(),
                new TransformerBlock.Builder().heads(2).build(),
                new TransformerBlock.Builder()
                        .heads(4)
                        .norm("rms")
                        .epsilon(1e-3)
                        .build(),
                new TransformerBlock.Builder().heads(2).norm("bn").build());
    }

    /** Its settings, its weights, its running statistics and the optimizer's state. */
    @ParameterizedTest
    @MethodSource("layers")
    void isSavedAndLoaded(Layer layer) throws IOException {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .list()
                .layer(layer)
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(8))
                .build();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(read).isEqualTo(configuration);
        assertThat(read.getConf(0).getLayer()).isEqualTo(layer);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);

        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 8, 5);
        INDArray labels = Nd4j.randn(DataType.FLOAT, 2, 3, 5);
        INDArray untrained = network.output(x);
        for (int i = 0; i < 3; i++) {
            network.fit(x, labels);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        MultiLayerNetwork loaded =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
        assertThat(network.output(x)).isNotEqualTo(untrained);
        assertThat(loaded.output(x)).isEqualTo(network.output(x));
        assertThat(network.clone().output(x)).isEqualTo(network.output(x));
        network.fit(x, labels);
        loaded.fit(x, labels);
        assertThat(loaded.output(x)).isEqualTo(network.output(x));
    }
}
