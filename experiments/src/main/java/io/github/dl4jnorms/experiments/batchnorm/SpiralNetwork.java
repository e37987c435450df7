package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.layer.BatchNorm;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A classifier of points: two hidden layers, each with BatchNorm and ReLU. */
final class SpiralNetwork {
    /** Where the norms are among its layers. */
    static final int[] NORMS = {1, 4};

    private SpiralNetwork() {}

    /** With our BatchNorm. */
    static MultiLayerNetwork create(BatchnormSettings settings) {
        return create(settings, () -> new BatchNorm.Builder().build());
    }

    private static MultiLayerNetwork create(BatchnormSettings settings, Supplier<Layer> norm) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(settings.seed())
                .updater(new Adam(0.01))
                .weightInit(WeightInit.RELU)
                .list();
        for (int i = 0; i < NORMS.length; i++) {
            layers.layer(new DenseLayer.Builder()
                            .nOut(settings.hidden())
                            .hasBias(false) // β is one
                            .activation(Activation.IDENTITY)
                            .build())
                    .layer(norm.get())
                    .layer(new ActivationLayer(Activation.RELU));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(BatchnormSettings.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(2))
                .build());
        network.init();
        return network;
    }

    /** The same network with DL4J's BatchNormalization, and all the weights and statistics of one of {@link #create}. */
    static MultiLayerNetwork withDl4jsNorm(MultiLayerNetwork trained, BatchnormSettings settings) {
        MultiLayerNetwork twin = create(
                settings,
                () -> new BatchNormalization.Builder()
                        .eps(1e-5)
                        .useLogStd(false)
                        .build());
        trained.paramTable().forEach((name, value) -> twin.setParam(NAMES.getOrDefault(name, name), value.dup()));
        return twin;
    }

    private static final Map<String, String> NAMES =
            Map.of(NORMS[0] + "_variance", NORMS[0] + "_var", NORMS[1] + "_variance", NORMS[1] + "_var");
}
