package io.github.dl4jnorms.gradcheck;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * A network as a function: of its trained parameters and its inputs, to one number. The number is the network's loss, or, of
 * a network without one, Σ output · direction.
 */
final class CheckedNetwork {

    private final ComputationGraph network;
    private final Map<String, String> taps;
    private final boolean training;
    private final boolean inputGradients;
    private final boolean loss;
    private final Map<String, INDArray> trained = new LinkedHashMap<>();
    private final Map<String, INDArray> buffers = new LinkedHashMap<>();
    private final Map<String, String> keys = new LinkedHashMap<>();
    private INDArray[] inputs;
    private INDArray[] masks;
    // labels of a network with a loss, else what the outputs are multiplied by
    private INDArray[] targets;
    private INDArray[] targetMasks;

    CheckedNetwork(ComputationGraphConfiguration configuration, long seed, boolean training, boolean inputGradients) {
        this.taps = Copies.tapInputs(configuration);
        this.training = training;
        this.inputGradients = inputGradients;
        this.network = new ComputationGraph(configuration);
        configuration.getDefaultConfiguration().setSeed(seed);
        network.init();
        this.loss = hasLoss();
        if (!loss) {
            // DL4J's own BatchNormalization, for one, fails with workspaces in a backward pass from given gradients
            configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
            configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        }
        if (loss && !training) {
            throw new IllegalArgumentException(
                    "training: takes true for a network with a loss, which DL4J differentiates in training only");
        }
        for (GraphVertex vertex : network.getVertices()) {
            Map<String, INDArray> parameters = vertex.paramTable(true);
            if (parameters != null) {
                parameters.forEach((name, array) -> sort(vertex, name, array));
            }
        }
    }

    /** Whether each output has a loss. */
    private boolean hasLoss() {
        List<String> outputs = network.getConfiguration().getNetworkOutputs();
        long losses = outputs.stream()
                .filter(name -> network.getVertex(name).getLayer() instanceof IOutputLayer)
                .count();
        if (losses > 0 && losses < outputs.size()) {
            throw new IllegalArgumentException("configuration: takes a network whose outputs have all a loss or none,"
                    + " received one with " + losses + " losses for the outputs " + outputs);
        }
        return losses > 0;
    }

    private void sort(GraphVertex vertex, String name, INDArray array) {
        String key = vertex.getVertexName() + "_" + name;
        String shown = vertex.getVertexName().equals(Copies.ALONE) ? name : vertex.getVertexName() + "." + name;
        (isTrained(vertex, name) ? trained : buffers).put(shown, array);
        keys.put(shown, key);
    }

    private static boolean isTrained(GraphVertex vertex, String name) {
        if (vertex.getLayer() instanceof FrozenLayerWithBackprop) {
            return false; // it answers its inner layer's updater
        }
        IUpdater updater = vertex.getConfig().getUpdaterByParam(name);
        return updater != null && !(updater instanceof NoOp);
    }

    /** By name, the arrays themselves. */
    Map<String, INDArray> trained() {
        return trained;
    }

    /** Parameters that no gradient trains: running statistics, frozen layers. */
    Map<String, INDArray> buffers() {
        return buffers;
    }

    /** By name, everything to differentiate by: the arrays themselves. */
    Map<String, INDArray> arrays() {
        Map<String, INDArray> arrays = new LinkedHashMap<>(trained);
        List<String> names = network.getConfiguration().getNetworkInputs();
        for (int i = 0; inputGradients && i < names.size(); i++) {
            arrays.put(names.get(i), inputs[i]);
        }
        return arrays;
    }

    /** Sets what the network computes with; masks may be null, and so may labels, which are random then. */
    void feed(INDArray[] inputs, INDArray[] masks, INDArray[] labels, InputType[] types, RandomArrays random) {
        this.inputs = inputs;
        this.masks = masks;
        INDArray[] outputs = outputs();
        if (labels != null && labels.length != outputs.length) {
            throw new IllegalArgumentException(
                    "labels: takes an array for each of " + outputs.length + " outputs, received " + labels.length);
        }
        Map<String, InputType> known = loss || masks != null ? activationTypes(types) : Map.of();
        targets = new INDArray[outputs.length];
        targetMasks = new INDArray[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            String name = network.getConfiguration().getNetworkOutputs().get(i);
            long[] shape = outputs[i].shape();
            Layout layout = known.isEmpty() ? null : Layout.of(known.get(name));
            INDArray mask = layout != null && layout.recurrent() && shape.length == 3 ? firstMask() : null;
            if (loss) {
                targets[i] = labels == null
                        ? random.distribution(layout.channelAxis(), shape)
                        : labels[i].castTo(DataType.DOUBLE);
                targetMasks[i] = mask;
            } else {
                targets[i] = random.normal(shape);
                if (mask != null) {
                    targets[i].muli(mask.reshape(
                                    layout == Layout.NCW
                                            ? new long[] {shape[0], 1, shape[2]}
                                            : new long[] {shape[0], shape[1], 1})
                            .broadcast(shape));
                }
            }
        }
    }

    private INDArray[] outputs() {
        network.setLayerMaskArrays(masks, null);
        Map<String, INDArray> activations = network.feedForward(inputs, training, true);
        network.clearLayerMaskArrays();
        return network.getConfiguration().getNetworkOutputs().stream()
                .map(activations::get)
                .toArray(INDArray[]::new);
    }

    /** Not by the configuration's method, which forgets the preprocessors of vertices. */
    private Map<String, InputType> activationTypes(InputType... inputTypes) {
        ComputationGraphConfiguration configuration = network.getConfiguration();
        Map<String, InputType> types = new HashMap<>();
        List<String> names = configuration.getNetworkInputs();
        for (int i = 0; i < inputTypes.length; i++) {
            types.put(names.get(i), inputTypes[i]);
        }
        for (String name : configuration.getTopologicalOrderStr()) {
            if (!types.containsKey(name)) {
                InputType[] from = configuration.getVertexInputs().get(name).stream()
                        .map(types::get)
                        .toArray(InputType[]::new);
                types.put(name, configuration.getVertices().get(name).getOutputType(0, from));
            }
        }
        return types;
    }

    private INDArray firstMask() {
        return masks == null
                ? null
                : Arrays.stream(masks).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** What the number is the sum of. */
    double[] terms() {
        if (loss) {
            double score = network.score(dataSet(), training);
            network.clearLayerMaskArrays();
            return new double[] {score};
        }
        INDArray[] outputs = outputs();
        return IntStream.range(0, outputs.length)
                .mapToObj(i -> values(outputs[i].mul(targets[i])))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    /** The gradient of the number by every array, and what is wrong with how it came about. */
    Map<String, INDArray> gradient(List<String> faults) {
        Map<String, INDArray> state = copies(buffers);
        Map<String, INDArray> parameters = copies(trained);
        double scale = backward();
        parameters.forEach((name, array) -> {
            if (!Arrays.equals(values(trained.get(name)), values(array))) {
                faults.add(name + ": the backward pass changes the parameter");
            }
        });
        parameters.forEach((name, array) -> trained.get(name).assign(array));
        state.forEach((name, array) -> buffers.get(name).assign(array));

        Map<String, INDArray> gradients = new LinkedHashMap<>();
        Map<String, INDArray> all = network.gradient().gradientForVariable();
        trained.forEach((name, array) -> put(gradients, name, all.get(keys.get(name)), array, scale, faults));
        checkViews(all, gradients, faults);
        taps.forEach((input, name) -> {
            InputTap.Runtime tap = (InputTap.Runtime) network.getVertex(name);
            if (inputGradients) {
                put(gradients, input, tap.gradient(), arrays().get(input), scale, faults);
            }
            if (tap.inputChanged()) {
                faults.add(input + ": the layer writes into its input");
            }
        });
        return gradients;
    }

    /** Returns what the gradients have to be multiplied by: a loss is a mean over examples, DL4J's gradient a sum. */
    private double backward() {
        INDArray[] given = copies(targets); // layers may write into what they are given
        if (loss) {
            network.setInputs(inputs);
            network.setLabels(given);
            network.setLayerMaskArrays(masks, targetMasks);
            network.computeGradientAndScore();
            network.clearLayerMaskArrays();
            return 1.0 / given[0].size(0);
        }
        network.setLayerMaskArrays(masks, null);
        network.feedForward(inputs, training, false);
        network.backpropGradient(given);
        network.clearLayerMaskArrays();
        return 1;
    }

    private static void put(
            Map<String, INDArray> gradients,
            String name,
            INDArray gradient,
            INDArray array,
            double scale,
            List<String> faults) {
        if (gradient == null) {
            faults.add(name + ": has no gradient");
        } else if (!Arrays.equals(gradient.shape(), array.shape())) {
            faults.add(name + ": its gradient has shape " + Arrays.toString(gradient.shape()) + " where "
                    + Arrays.toString(array.shape()) + " is due");
        } else {
            gradients.put(name, gradient.mul(scale));
        }
    }

    /** The updater sees only the network's one long gradient array, which each gradient has to be a piece of. */
    private void checkViews(Map<String, INDArray> all, Map<String, INDArray> gradients, List<String> faults) {
        INDArray view = network.getFlattenedGradients();
        if (view == null || view.isEmpty()) {
            return;
        }
        view.assign(0);
        trained.keySet().stream().filter(gradients::containsKey).forEach(name -> {
            if (all.get(keys.get(name)).amaxNumber().doubleValue() != 0) {
                faults.add(
                        name + ": its gradient is outside of the network's gradient array, where no updater sees it");
            }
        });
    }

    private MultiDataSet dataSet() {
        return new MultiDataSet(inputs, targets, masks, targetMasks);
    }

    /** In c order, whatever the array's. */
    static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static Map<String, INDArray> copies(Map<String, INDArray> arrays) {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        arrays.forEach((name, array) -> copies.put(name, array.dup()));
        return copies;
    }

    private static INDArray[] copies(INDArray[] arrays) {
        return Arrays.stream(arrays).map(INDArray::dup).toArray(INDArray[]::new);
    }
}
