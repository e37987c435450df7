package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Saving, loading and copying. */
class PersistenceTest {

    /** Each with no setting at its default. */
    static List<NormLayer> layers() {
        return List.of(
                new BatchNorm.Builder()
                        .decay(0.7)
                        .unbiased(false)
                        .epsilon(1e-3)
                        .activation(Activation.RELU)
                        .name("norm")
                        .build(),
                new BatchNorm.Builder().affine(false).build(),
                new GroupNorm.Builder()
                        .groups(2)
                        .epsilon(1e-3)
                        .activation(Activation.TANH)
                        .name("norm")
                        .build(),
                new GroupNorm.Builder().groups(4).affine(false).build(),
                new BatchNorm.Builder().cumulative(true).gammaInit(0.5).build(),
                new BatchNorm.Builder().frozen(true).gammaInit(0.5).build(),
                new InstanceNorm.Builder()
                        .epsilon(1e-3)
                        .activation(Activation.RELU)
                        .gammaInit(0.5)
                        .name("norm")
                        .build(),
                new InstanceNorm.Builder().affine(false).build(),
                new LayerNorm.Builder()
                        .epsilon(1e-3)
                        .activation(Activation.RELU)
                        .gammaInit(0.5)
                        .name("norm")
                        .build(),
                new LayerNorm.Builder().wholeExample(true).build(),
                new LayerNorm.Builder().affine(false).build(),
                new RMSNorm.Builder()
                        .epsilon(1e-3)
                        .activation(Activation.TANH)
                        .gammaInit(0.5)
                        .name("norm")
                        .build(),
                new RMSNorm.Builder().wholeExample(true).build(),
                new RMSNorm.Builder().affine(false).build());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void jsonAndYamlKeepEverySettingAndAreStable(NormLayer layer) {
        MultiLayerConfiguration conf = conf(layer);
        String json = conf.toJson();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(json);
        assertThat(read).isEqualTo(conf).hasSameHashCodeAs(conf);
        assertThat(read.toJson()).isEqualTo(json).doesNotContain("layerParams");
        assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
        assertThat(read.getConf(0).getLayer()).isEqualTo(layer).hasSameHashCodeAs(layer);
        assertThat(layer.clone()).isEqualTo(layer).hasSameHashCodeAs(layer);

        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        network.fit(x(), labels());
        assertThat(network.getLayerWiseConfigurations().getConf(0).getLayer())
                .as("use does not change a configuration")
                .isEqualTo(layer);
        MultiLayerConfiguration used = MultiLayerConfiguration.fromJson(
                network.getLayerWiseConfigurations().toJson());
        assertThat(used.getConf(0).getLayer()).isEqualTo(layer);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aGraphsConfigurationToo(NormLayer layer) {
        ComputationGraphConfiguration conf = graphConf(layer);
        String json = conf.toJson();
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(json);
        assertThat(read).isEqualTo(conf);
        assertThat(read.toJson()).isEqualTo(json);
        assertThat(ComputationGraphConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
    }

    /** Before a network has given it its size. */
    @ParameterizedTest
    @MethodSource("layers")
    void aLayerOfItsOwnHasJson(NormLayer layer) {
        NeuralNetConfiguration conf =
                new NeuralNetConfiguration.Builder().layer(layer).build();
        assertThat(NeuralNetConfiguration.fromJson(conf.toJson()).getLayer()).isEqualTo(layer);
    }

    @Test
    void everySettingCountsInEquals() {
        assertThat(new BatchNorm.Builder().build())
                .isEqualTo(new BatchNorm.Builder().build())
                .isNotEqualTo(new BatchNorm.Builder().decay(0.8).build())
                .isNotEqualTo(new BatchNorm.Builder().unbiased(false).build())
                .isNotEqualTo(new BatchNorm.Builder().epsilon(1e-4).build())
                .isNotEqualTo(new BatchNorm.Builder().affine(false).build())
                .isNotEqualTo(
                        new BatchNorm.Builder().activation(Activation.RELU).build())
                .isNotEqualTo(new GroupNorm.Builder().build())
                .isNotEqualTo(null);
        assertThat(new GroupNorm.Builder().build())
                .isEqualTo(new GroupNorm.Builder().groups(32).build())
                .isNotEqualTo(new GroupNorm.Builder().groups(16).build());
        assertThat(new BatchNorm.Builder().build())
                .isNotEqualTo(new BatchNorm.Builder().cumulative(true).build())
                .isNotEqualTo(new BatchNorm.Builder().frozen(true).build());
        assertThat(new LayerNorm.Builder().build())
                .isEqualTo(new LayerNorm.Builder().build())
                .isNotEqualTo(new LayerNorm.Builder().gammaInit(0).build())
                .isNotEqualTo(new LayerNorm.Builder().wholeExample(true).build())
                .isNotEqualTo(new RMSNorm.Builder().epsilon(1e-5).build());
        assertThat(new RMSNorm.Builder().build())
                .isEqualTo(new RMSNorm.Builder().epsilon(1e-6).build())
                .isNotEqualTo(new RMSNorm.Builder().wholeExample(true).build());
        assertThat(new InstanceNorm.Builder().build())
                .isEqualTo(new InstanceNorm.Builder().build())
                .isNotEqualTo(new InstanceNorm.Builder().affine(false).build());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aSavedNetworkGoesOnTrainingAsIfNothingHadHappened(NormLayer layer) throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(conf(layer));
        network.init();
        network.fit(x(), labels());
        MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(saved(network), true);
        MultiLayerNetwork clone = network.clone();
        assertThat(loaded.params()).as("loaded").isEqualTo(network.params());
        assertThat(clone.params()).isEqualTo(network.params()).isNotSameAs(network.params());
        assertThat(loaded.output(x())).isEqualTo(network.output(x()));
        for (MultiLayerNetwork each : List.of(network, loaded, clone)) {
            each.fit(x(), labels());
            each.fit(x(), labels());
        }
        assertThat(loaded.params()).as("loaded").isEqualTo(network.params());
        assertThat(clone.params()).as("clone").isEqualTo(network.params());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aSavedGraphToo(NormLayer layer) throws IOException {
        ComputationGraph network = new ComputationGraph(graphConf(layer));
        network.init();
        INDArray[] x = {x()};
        INDArray[] labels = {labels()};
        network.fit(x, labels);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(saved(network), true);
        ComputationGraph clone = network.clone();
        for (ComputationGraph each : List.of(network, loaded, clone)) {
            each.fit(x, labels);
            each.fit(x, labels);
        }
        assertThat(loaded.params()).as("loaded").isEqualTo(network.params());
        assertThat(clone.params()).as("clone").isEqualTo(network.params());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void parametersGoOutAndIn(NormLayer layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf(layer));
        network.init();
        network.fit(x(), labels());
        MultiLayerNetwork other = new MultiLayerNetwork(conf((NormLayer) layer.clone()));
        other.init();
        other.setParams(network.params());
        assertThat(other.output(x())).isEqualTo(network.output(x()));
        MultiLayerNetwork third = new MultiLayerNetwork(conf((NormLayer) layer.clone()));
        third.init();
        third.setParamTable(network.paramTable());
        assertThat(third.output(x())).isEqualTo(network.output(x()));
    }

    private static ByteArrayInputStream saved(org.deeplearning4j.nn.api.Model model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(model, bytes, true);
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static INDArray x() {
        return random(1, DataType.FLOAT, 3, 4, 3, 3);
    }

    private static INDArray labels() {
        return random(2, DataType.FLOAT, 3, 2);
    }

    private static MultiLayerConfiguration conf(NormLayer layer) {
        return base().list()
                .layer(layer)
                .layer(output())
                .setInputType(InputType.convolutional(3, 3, 4))
                .build();
    }

    private static ComputationGraphConfiguration graphConf(NormLayer layer) {
        return base().graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.convolutional(3, 3, 4))
                .addLayer("norm", layer, "x")
                .addLayer("out", output(), "norm")
                .setOutputs("out")
                .build();
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(0.1, 0.9))
                .seed(1);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }
}
