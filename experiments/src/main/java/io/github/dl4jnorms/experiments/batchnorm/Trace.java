package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.Npz;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * What a batch normalization does in some training steps and then in evaluation.
 *
 * @param arrays by name, a slice for each step, evaluation last: {@code y}, {@code dx}, {@code dgamma}, {@code dbeta}, and,
 *     after the step, {@code gamma}, {@code beta}, {@code mean}, {@code variance}
 */
record Trace(Map<String, INDArray> arrays) {
    private static final double LEARNING_RATE = 0.1;

    /** PyTorch's, and the inputs {@code x} and targets {@code target}: see {@code src/main/python}. */
    static Trace torch() {
        return new Trace(Npz.read(Trace.class, "batchnorm1d.npz"));
    }

    /**
     * A layer's, on PyTorch's inputs and targets: each step lessens half the squared distance to the target, averaged over the
     * batch, by gradient descent.
     *
     * @param norm     starts with γ 1 and β 0
     * @param variance what it calls its running variance
     */
    static Trace of(org.deeplearning4j.nn.conf.layers.Layer norm, String variance, Trace torch, DataType type) {
        INDArray xs = torch.arrays.get("x").castTo(type);
        INDArray targets = torch.arrays.get("target").castTo(type);
        MultiLayerNetwork network = network(norm, xs.size(2), type);
        int steps = (int) xs.size(0) - 1;
        Map<String, List<INDArray>> slices = new LinkedHashMap<>();
        for (int step = 0; step <= steps; step++) {
            boolean training = step < steps;
            INDArray target = targets.slice(step);
            network.setInput(xs.slice(step).dup());
            INDArray y = network.feedForward(training, false).get(1);
            INDArray dy = y.sub(target).divi(target.size(0));
            Pair<Gradient, INDArray> back = training ? network.backpropGradient(dy, null) : evaluation(network, dy);
            Gradient gradient = back.getFirst();
            String layer = training ? "0_" : "";
            keep(slices, "y", y);
            keep(slices, "dx", back.getSecond());
            keep(slices, "dgamma", gradient.getGradientFor(layer + "gamma"));
            keep(slices, "dbeta", gradient.getGradientFor(layer + "beta"));
            if (training) {
                network.getUpdater()
                        .update(network, gradient, step, 0, (int) target.size(0), LayerWorkspaceMgr.noWorkspaces());
                network.params().subi(gradient.gradient());
            }
            keep(slices, "gamma", network.getParam("0_gamma"));
            keep(slices, "beta", network.getParam("0_beta"));
            keep(slices, "mean", network.getParam("0_mean"));
            keep(slices, "variance", network.getParam("0_" + variance));
        }
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        slices.forEach((name, each) -> arrays.put(name, Nd4j.stack(0, each.toArray(INDArray[]::new))));
        return new Trace(arrays);
    }

    private static Pair<Gradient, INDArray> evaluation(MultiLayerNetwork network, INDArray dy) {
        Layer layer = network.getLayer(0);
        return layer.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces());
    }

    private static void keep(Map<String, List<INDArray>> slices, String name, INDArray value) {
        INDArray copy = value.castTo(DataType.DOUBLE).dup('c');
        boolean vector = !name.equals("y") && !name.equals("dx");
        slices.computeIfAbsent(name, key -> new ArrayList<>()).add(vector ? copy.reshape(copy.length()) : copy);
    }

    private static MultiLayerNetwork network(
            org.deeplearning4j.nn.conf.layers.Layer norm, long channels, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new Sgd(LEARNING_RATE))
                .miniBatch(false) // the gradients are averages already
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list()
                .layer(norm)
                .setInputType(InputType.feedForward(channels))
                .build());
        network.init();
        network.initGradientsView();
        return network;
    }

    /** How many training steps there are. */
    int steps() {
        return (int) arrays.get("y").size(0) - 1;
    }

    /** The largest absolute difference of an array in the training steps. */
    double trainingDifference(Trace other, String array) {
        double worst = 0;
        for (int step = 0; step < steps(); step++) {
            worst = Math.max(worst, difference(other, array, step));
        }
        return worst;
    }

    /** The same in evaluation. */
    double evaluationDifference(Trace other, String array) {
        return difference(other, array, steps());
    }

    private double difference(Trace other, String array, int step) {
        INDArray a = arrays.get(array).slice(step);
        return a.sub(other.arrays.get(array).slice(step)).amaxNumber().doubleValue();
    }

    /** A channel of a vector in each training step. */
    double[] channel(String array, int channel) {
        double[] values = new double[steps()];
        for (int step = 0; step < values.length; step++) {
            values[step] = arrays.get(array).getDouble(step, channel);
        }
        return values;
    }
}
