package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.difference;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers: dense, BatchNorm, dense, GroupNorm, output. */
class TransferLearningTest {

    private static final int LAST = 4;

    private final INDArray x = random(1, DataType.DOUBLE, 6, 3);
    private final INDArray labels = random(2, DataType.DOUBLE, 6, 2);

    @Test
    void aFrozenNormEvaluatesAndStaysAsItIs() {
        MultiLayerNetwork trained = trained();
        MultiLayerNetwork frozen = new TransferLearning.Builder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .setFeatureExtractor(1)
                .build();
        INDArray before = trained.params().dup();
        assertClose("output", frozen.output(x), trained.output(x));
        frozen.fit(x, labels);
        for (String parameter : new String[] {"0_W", "1_gamma", "1_beta", "1_mean", "1_variance"}) {
            assertThat(difference(frozen.getParam(parameter), trained.getParam(parameter)))
                    .as(parameter)
                    .isLessThan(1e-7);
        }
        assertThat(difference(frozen.getParam("3_gamma"), trained.getParam("3_gamma")))
                .isGreaterThan(1e-5);
        assertThat(trained.params()).as("the network it came from").isEqualTo(before);
    }

    /** DL4J makes the new graph a FLOAT one, so that its numbers are rounded. */
    @Test
    void aGraphsFrozenNormToo() {
        ComputationGraph trained = trained().toComputationGraph();
        ComputationGraph frozen = new TransferLearning.GraphBuilder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .setFeatureExtractor("1")
                .build();
        frozen.fit(new INDArray[] {x}, new INDArray[] {labels});
        for (String parameter : new String[] {"0_W", "1_gamma", "1_beta", "1_mean", "1_variance"}) {
            assertThat(difference(frozen.getParam(parameter), trained.getParam(parameter)))
                    .as(parameter)
                    .isLessThan(1e-7);
        }
        assertThat(difference(frozen.getParam("3_gamma"), trained.getParam("3_gamma")))
                .isGreaterThan(1e-5);
    }

    @Test
    void fineTuningChangesTheUpdaterOfTheParametersAndNotOfTheStatistics() {
        MultiLayerNetwork tuned = new TransferLearning.Builder(trained())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.25))
                        .build())
                .build();
        BatchNorm norm = (BatchNorm) tuned.getLayer(1).conf().getLayer();
        assertThat(norm.getUpdaterByParam("mean")).isInstanceOf(NoOp.class);
        assertThat(norm.getUpdaterByParam("variance")).isInstanceOf(NoOp.class);
        assertThat(norm.getRegularizationByParam("mean")).isNull();
        tuned.fit(x, labels);
        assertThat(tuned.getParam("1_mean")).isNotEqualTo(trained().getParam("1_mean"));
    }

    @Test
    void aNewOutputLayerKeepsTheNorms() {
        MultiLayerNetwork trained = trained();
        MultiLayerNetwork changed = new TransferLearning.Builder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .removeOutputLayer()
                .addLayer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
        assertThat(changed.getParam("1_mean")).isEqualTo(trained.getParam("1_mean"));
        assertThat(changed.getParam("1_variance")).isEqualTo(trained.getParam("1_variance"));
        changed.fit(x, random(3, DataType.DOUBLE, 6, 5));
        assertThat(changed.output(x).shape()).isEqualTo(new long[] {6, 5});
    }

    @Test
    void theLayerAfterANormTakesAnotherNumberOfOutputs() {
        MultiLayerNetwork changed = new TransferLearning.Builder(trained())
                .nOutReplace(LAST, 5, org.deeplearning4j.nn.weights.WeightInit.XAVIER)
                .build();
        assertThat(changed.output(x).shape()).isEqualTo(new long[] {6, 5});
    }

    /** Frozen, but with a gradient that passes through, which is that of the evaluation mode. */
    @Test
    void aFrozenNormWithBackpropagationLeavesItsStatistics() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(dense())
                .layer(new FrozenLayerWithBackprop(new BatchNorm.Builder().build()))
                .layer(output(2))
                .setInputType(InputType.feedForward(3))
                .build());
        network.init();
        INDArray mean = network.getParam("1_mean").dup();
        INDArray weights = network.getParam("0_W").dup();
        network.fit(x, labels);
        assertThat(network.getParam("1_mean")).isEqualTo(mean);
        assertThat(network.getParam("0_W")).isNotEqualTo(weights);
    }

    @Test
    void everyNormOfImagesIsKeptAndTunedOn() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new InstanceNorm.Builder().build())
                .layer(new LayerNorm.Builder().build())
                .layer(new RMSNorm.Builder().wholeExample(true).build())
                .layer(new BatchNorm.Builder().frozen(true).build())
                .layer(new BatchNorm.Builder().cumulative(true).build())
                .layer(output(2))
                .setInputType(InputType.convolutional(4, 4, 3))
                .build());
        network.init();
        INDArray images = random(4, DataType.DOUBLE, 6, 3, 4, 4);
        network.fit(images, labels);
        MultiLayerNetwork tuned = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Sgd(0.1))
                        .build())
                .setFeatureExtractor(0)
                .build();
        assertClose("output", tuned.output(images), network.output(images));
        tuned.fit(images, labels);
        for (String kept : new String[] {"0_gamma", "3_gamma", "3_beta", "3_mean", "3_variance"}) {
            assertThat(difference(tuned.getParam(kept), network.getParam(kept)))
                    .as(kept)
                    .isLessThan(1e-7);
        }
        for (String changed : new String[] {"1_gamma", "2_gamma", "4_gamma", "4_mean"}) {
            assertThat(difference(tuned.getParam(changed), network.getParam(changed)))
                    .as(changed)
                    .isGreaterThan(1e-6);
        }
        assertThat(tuned.getParam("4_count").getDouble(0)).isEqualTo(2);
    }

    private MultiLayerNetwork trained() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(dense())
                .layer(new BatchNorm.Builder().activation(Activation.RELU).build())
                .layer(dense())
                .layer(new GroupNorm.Builder().groups(2).build())
                .layer(output(2))
                .setInputType(InputType.feedForward(3))
                .build());
        network.init();
        network.fit(x, labels);
        network.fit(x, labels);
        return network;
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .seed(1);
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build();
    }

    private static OutputLayer output(int n) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(n)
                .activation(Activation.IDENTITY)
                .build();
    }
}
