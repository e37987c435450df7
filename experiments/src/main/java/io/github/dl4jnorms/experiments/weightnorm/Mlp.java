package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.weight.Dense;
import io.github.dl4jnorms.weight.Parametrization;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A fully connected network of {@link Dense} layers in double precision, the last one linear. It has no loss of its own: what
 * trains it is the gradient of its outputs, which comes from outside.
 */
final class Mlp {
    private final MultiLayerNetwork network;
    private final EffectiveWeights weights;
    private Gradient gradient;
    private int step;

    /**
     * @param parametrization of every layer's weight
     * @param hidden          the activation between the layers
     * @param widths          of the input, the hidden layers and the output
     */
    Mlp(Parametrization parametrization, Activation hidden, IUpdater updater, long seed, int... widths) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                .miniBatch(false) // gradients come as they are meant
                .updater(updater)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list();
        for (int i = 1; i < widths.length; i++) {
            layers.layer(new Dense.Builder()
                    .nOut(widths[i])
                    .parametrization(parametrization)
                    .activation(i < widths.length - 1 ? hidden : Activation.IDENTITY)
                    .build());
        }
        network = new MultiLayerNetwork(
                layers.setInputType(InputType.feedForward(widths[0])).build());
        network.init();
        network.initGradientsView();
        weights = new EffectiveWeights(network);
    }

    /** Of the layer with this index, by its name in the parametrization. */
    INDArray parameter(int layer, String name) {
        return network.getLayer(layer).getParam(name);
    }

    /**
     * The same function without parametrizations: of the weights that this network computes with in evaluation mode, which
     * need not be computed anew each time.
     *
     * @param hidden this network's activation, or another one
     */
    Mlp frozen(Activation hidden) {
        List<INDArray> effective = weights(false);
        int[] widths = IntStream.concat(
                        IntStream.of(effective.get(0).columns()),
                        effective.stream().mapToInt(INDArray::rows))
                .toArray();
        Mlp frozen = new Mlp(Parametrization.none(), hidden, new Sgd(0), 0, widths);
        for (int i = 0; i < effective.size(); i++) {
            frozen.parameter(i, "W").assign(effective.get(i));
            frozen.parameter(i, "b").assign(parameter(i, "b"));
        }
        return frozen;
    }

    /** In evaluation mode. */
    INDArray output(INDArray x) {
        return last(network.feedForward(x, false));
    }

    /** In training mode; {@link #backward} goes on from here. */
    INDArray forward(INDArray x) {
        network.setInput(x);
        return last(network.feedForward(true, false));
    }

    /** From the gradient by the outputs to that by the inputs, and those by the parameters. */
    INDArray backward(INDArray outputGradient) {
        Pair<Gradient, INDArray> gradients = network.backpropGradient(outputGradient, null);
        gradient = gradients.getFirst();
        return gradients.getSecond();
    }

    /** Of the layer with this index, what the last backward pass found. */
    INDArray gradient(int layer, String name) {
        return gradient.getGradientFor(layer + "_" + name);
    }

    /** The Euclidean length of all parameters' gradients together. */
    double gradientNorm() {
        return gradient.gradient().norm2Number().doubleValue();
    }

    /** The parameters take the step that the updater makes of the last backward pass. */
    void update() {
        network.getUpdater().update(network, gradient, step++, 0, 1, LayerWorkspaceMgr.noWorkspaces());
        network.params().subi(gradient.gradient());
    }

    /** The gradient by the inputs of {@code sum(output · outputGradient)}, in evaluation mode. */
    INDArray inputGradient(INDArray x, INDArray outputGradient) {
        network.setInput(x);
        network.feedForward(false, false);
        return network.backpropGradient(outputGradient, null).getSecond();
    }

    /** See {@link EffectiveWeights#get}. */
    List<INDArray> weights(boolean training) {
        return weights.get(training);
    }

    /** Of each layer's effective weight, by LAPACK. */
    double[] spectralNorms(boolean training) {
        return weights(training).stream().mapToDouble(SingularValues::largest).toArray();
    }

    /**
     * What the network's Lipschitz constant is at most if no activation is steeper than 1: the product of the layers' spectral
     * norms.
     */
    double lipschitzBound() {
        return DoubleStream.of(spectralNorms(false)).reduce(1, (a, b) -> a * b);
    }

    private static INDArray last(List<INDArray> activations) {
        return activations.get(activations.size() - 1);
    }
}
