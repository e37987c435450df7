package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.samediff.dit.DiTBlock;
import io.github.dl4jnorms.samediff.dit.ModulatedVertex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** How a lone adaLN-Zero block wakes up: it learns to tell an image's patches from the noised image's, class and time. */
record Waking(@JsonProperty("runs") List<Run> runs) {
    static final double SGD_RATE = 0.05;
    static final double ADAM_RATE = 1e-3;
    static final int PATCH = 4;

    /** The modulation's vectors, in the order of the block's. */
    static final List<String> VECTORS = List.of("shift₁", "scale₁", "gate₁", "shift₂", "scale₂", "gate₂");

    /** The weights of the branches. */
    static final List<String> BRANCHES = List.of("qkv", "proj", "mlp1", "mlp2");

    /** Steps whose gradients are kept, from the first. */
    static final int GRADIENTS = 3;

    private static final int WAVES = 4;
    private static final String BLOCK = "block";

    /**
     * One training.
     *
     * @param norms            of each of the six vectors, at the start and after each step: the root mean square over a batch
     * @param vectorGradients  before each of the first steps: the length of the gradient of each vector's rows of W and b
     * @param branchGradients  the same of the weights of attention and MLP
     * @param losses           before each step
     */
    record Run(
            @JsonProperty("optimizer") String optimizer,
            @JsonProperty("norms") double[][] norms,
            @JsonProperty("vectorGradients") double[][] vectorGradients,
            @JsonProperty("branchGradients") double[][] branchGradients,
            @JsonProperty("losses") double[] losses) {

        static boolean isGate(int vector) {
            return vector % 3 == 2;
        }

        /** The first step after which a vector is no longer 0, or −1. */
        int wakes(int vector) {
            for (int step = 0; step < norms[vector].length; step++) {
                if (norms[vector][step] > 0) {
                    return step;
                }
            }
            return -1;
        }
    }

    static Waking run(ImageSet images, int steps, int batchSize, long seed, Runnable step) {
        return new Waking(List.of(
                train("SGD", new Sgd(SGD_RATE), images, steps, batchSize, seed, step),
                train("Adam", new Adam(ADAM_RATE), images, steps, batchSize, seed, step)));
    }

    private static Run train(
            String name, IUpdater updater, ImageSet images, int steps, int batchSize, long seed, Runnable step) {
        ComputationGraph network = network(images, updater, seed);
        FlowMatching flow = new FlowMatching(images.train(), images.noClass(), 0, batchSize, seed);
        INDArray condition = condition(flow.batch(0), images.classes());
        double[][] norms = new double[VECTORS.size()][steps + 1];
        double[][] vectorGradients = new double[GRADIENTS][];
        double[][] branchGradients = new double[GRADIENTS][];
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++) {
            FlowMatching.Batch batch = flow.batch(i);
            MultiDataSet examples = new MultiDataSet(
                    new INDArray[] {patches(batch.noised()), condition(batch, images.classes())},
                    new INDArray[] {patches(batch.image())});
            if (i < GRADIENTS) {
                Map<String, INDArray> gradient = gradient(network, examples);
                vectorGradients[i] = vectorGradients(gradient);
                branchGradients[i] = BRANCHES.stream()
                        .mapToDouble(branch -> length(gradient.get(BLOCK + "_" + branch + "W")))
                        .toArray();
            }
            network.fit(examples);
            losses[i] = network.score();
            double[] sizes = sizes(network, condition);
            for (int vector = 0; vector < sizes.length; vector++) {
                norms[vector][i + 1] = sizes[vector];
            }
            step.run();
        }
        return new Run(name, norms, vectorGradients, branchGradients, losses);
    }

    private static ComputationGraph network(ImageSet images, IUpdater updater, long seed) {
        int tokens = images.size() / PATCH * (images.size() / PATCH);
        int size = ImageSet.CHANNELS * PATCH * PATCH;
        ComputationGraph network = new LoneVertex(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .graphBuilder()
                .addInputs("x", "c")
                .setInputTypes(
                        InputType.recurrent(size, tokens), InputType.feedForward(images.classes() + 2 * WAVES + 1))
                .addVertex(BLOCK, new DiTBlock.Builder().build(), "x", "c")
                .addLayer(
                        "loss",
                        new RnnLossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        BLOCK)
                .setOutputs("loss")
                .build());
        network.init();
        return network;
    }

    /** DL4J counts the parameters of layers only, and trains no network without any: those of vertices are parameters too. */
    private static final class LoneVertex extends ComputationGraph {
        private static final long serialVersionUID = 1;

        LoneVertex(ComputationGraphConfiguration configuration) {
            super(configuration);
        }

        @Override
        public long numParams(boolean backprop) {
            return flattenedParams == null ? super.numParams(backprop) : flattenedParams.length();
        }
    }

    /** {@code [N, 3 · PATCH², tokens]}. */
    private static INDArray patches(INDArray images) {
        long n = images.size(0);
        long side = images.size(2) / PATCH;
        return images.reshape('c', n, ImageSet.CHANNELS, side, PATCH, side, PATCH)
                .permute(0, 1, 3, 5, 2, 4)
                .dup('c')
                .reshape('c', n, ImageSet.CHANNELS * PATCH * PATCH, side * side);
    }

    /** The class, one of some numbers, and waves of the time. */
    private static INDArray condition(FlowMatching.Batch batch, int classes) {
        int n = (int) batch.time().size(0);
        float[][] rows = new float[n][classes + 2 * WAVES + 1];
        for (int i = 0; i < n; i++) {
            rows[i][batch.label().getInt(i, 0)] = 1;
            double time = batch.time().getDouble(i, 0);
            rows[i][classes] = (float) time;
            for (int wave = 0; wave < WAVES; wave++) {
                rows[i][classes + 1 + 2 * wave] = (float) Math.cos(Math.PI * (wave + 1) * time);
                rows[i][classes + 2 + 2 * wave] = (float) Math.sin(Math.PI * (wave + 1) * time);
            }
        }
        return Nd4j.createFromArray(rows);
    }

    private static Map<String, INDArray> gradient(ComputationGraph network, MultiDataSet examples) {
        network.setInputs(examples.getFeatures());
        network.setLabels(examples.getLabels());
        network.computeGradientAndScore();
        return network.gradient().gradientForVariable();
    }

    private static double[] vectorGradients(Map<String, INDArray> gradient) {
        INDArray weight = gradient.get(BLOCK + "_" + ModulatedVertex.MODULATION_WEIGHT);
        INDArray bias = gradient.get(BLOCK + "_" + ModulatedVertex.MODULATION_BIAS);
        long size = weight.size(1) / VECTORS.size();
        List<Double> lengths = new ArrayList<>();
        for (int i = 0; i < VECTORS.size(); i++) {
            var columns = NDArrayIndex.interval(i * size, (i + 1) * size);
            lengths.add(Math.hypot(
                    length(weight.get(NDArrayIndex.all(), columns)),
                    length(bias.reshape(bias.length()).get(columns))));
        }
        return lengths.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double length(INDArray array) {
        return array.norm2Number().doubleValue();
    }

    /** The root mean squares of the six vectors for some conditions. */
    private static double[] sizes(ComputationGraph network, INDArray condition) {
        DiTBlock block = (DiTBlock) network.getConfiguration().getVertices().get(BLOCK);
        INDArray[] vectors =
                block.modulation(condition, network.getVertex(BLOCK).paramTable(false));
        double[] sizes = new double[vectors.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = length(vectors[i]) / Math.sqrt(vectors[i].length());
        }
        return sizes;
    }
}
