package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.weight.Dense;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A causal convolutional network with residual blocks that are normalized first, as a transformer's are:
 * {@code h + W relu(conv(norm(h)))}, and a norm before the softmax.
 */
final class SequenceModel {
    static final double LEARNING_RATE = 3e-3;
    static final int KERNEL = 5;

    private SequenceModel() {}

    static ComputationGraph create(NormSpec norm, LayernormSettings.Model model, long seed) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(LEARNING_RATE))
                .weightInit(WeightInit.RELU)
                .graphBuilder()
                .addInputs("characters")
                .setInputTypes(InputType.recurrent(Sums.CHARACTERS.length(), (long) model.sums() * Sums.LENGTH));
        graph.addLayer("embedding", new Dense.Builder().nOut(model.channels()).build(), "characters");
        String stream = "embedding";
        for (int block = 0; block < model.blocks(); block++) {
            String normed = normalized(graph, norm, "norm" + block, stream);
            graph.addLayer("conv" + block, convolution(model.channels()), normed)
                    .addLayer(
                            "mix" + block,
                            new Dense.Builder().nOut(model.channels()).build(),
                            "conv" + block)
                    .addVertex("sum" + block, new ElementWiseVertex(ElementWiseVertex.Op.Add), stream, "mix" + block);
            stream = "sum" + block;
        }
        ComputationGraph network = new ComputationGraph(graph.addLayer(
                        "next",
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(Sums.CHARACTERS.length())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        normalized(graph, norm, "norm", stream))
                .setOutputs("next")
                .build());
        network.init();
        return network;
    }

    private static String normalized(GraphBuilder graph, NormSpec norm, String name, String input) {
        Optional<Layer> layer = norm.layer(Activation.IDENTITY);
        layer.ifPresent(l -> graph.addLayer(name, l, input));
        return layer.isPresent() ? name : input;
    }

    private static Layer convolution(int channels) {
        return new Convolution1D.Builder(KERNEL)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Causal)
                .activation(Activation.RELU)
                .build();
    }
}
