package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.bench.process.PyTorch;
import io.github.dl4jnorms.samediff.dit.DiTBlock;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One block of DiT-S, the smallest diffusion transformer of its paper: ours, PyTorch's, and what DL4J has. */
final class DiTBlockPeers {
    /** The name of the peer that the others are compared with. */
    static final String DL4J = "dl4j";

    static final String OURS = "ours";
    static final String TORCH = "torch";

    private static final int TOKENS = 256;
    private static final int SIZE = 384;
    private static final int HEADS = 6;
    private static final int MLP_RATIO = 4;
    private static final double LEARNING_RATE = 1e-4;

    private final StepSettings settings;
    private final Path logs;

    DiTBlockPeers(StepSettings settings, Path logs) {
        this.settings = settings;
        this.logs = logs;
    }

    /** The block. */
    Model model() {
        return new Model(
                "dit_block_training_step",
                "A block of a diffusion transformer, a training step",
                "a DiT block",
                TOKENS + " tokens of " + SIZE + " numbers",
                "attention of " + HEADS + " heads and an MLP with " + MLP_RATIO * SIZE
                        + " hidden units, mean squared error,"
                        + " Adam. The gradient goes on to the tokens, as to a block below",
                "DL4J's has fewer, as it lacks a part of the work.",
                List.of(new Limit(OURS, TORCH, "PyTorch's", 1.2)));
    }

    List<Peer> all() {
        INDArray tokens = random(settings.batchSize(), TOKENS, SIZE);
        INDArray condition = random(settings.batchSize(), SIZE);
        INDArray target = random(settings.batchSize(), (long) TOKENS * SIZE);
        return List.of(
                new Peer(
                        DL4J,
                        "the nearest that Deeplearning4j has: x + SelfAttentionLayer(x), then x + DenseLayer(DenseLayer(x)), for"
                                + " each token. It lacks the two LayerNorms, for which DL4J has no layer, everything that"
                                + " the condition does (shift, scale and gate), and the biases of the attention",
                        () -> new NetworkTrainee(
                                dl4j(), new MultiDataSet(tokens.permute(0, 2, 1).dup('c'), target))),
                new Peer(
                        OURS,
                        "samediff-layers' DiTBlock with adaLN-Zero, after a dense layer of the condition",
                        () -> new NetworkTrainee(
                                ours(), new MultiDataSet(new INDArray[] {tokens, condition}, new INDArray[] {target}))),
                new Peer(
                        TORCH,
                        "the same in PyTorch, eager, in a process of its own",
                        () -> new ProcessTrainee(
                                PyTorch.start(settings.threads(), logs.resolve("step-dit-torch.log")),
                                String.format(
                                        "dit;%d;%d;%d;%d;%d",
                                        settings.batchSize(), TOKENS, SIZE, HEADS, settings.seed()))));
    }

    /** What the numbers are makes no difference to the time. */
    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    private ComputationGraph ours() {
        // the vertex alone would not be trained: DL4J's fit passes over networks without a layer that has parameters
        return network(graph().addInputs("tokens", "c")
                .setInputTypes(InputType.recurrent(SIZE, TOKENS, RNNFormat.NWC), InputType.feedForward(SIZE))
                .addLayer("condition", dense(SIZE, Activation.IDENTITY), "c")
                .addVertex(
                        "block",
                        new DiTBlock.Builder().heads(HEADS).mlpRatio(MLP_RATIO).build(),
                        "tokens",
                        "condition"));
    }

    private ComputationGraph dl4j() {
        return network(graph().addInputs("tokens")
                .setInputTypes(InputType.recurrent(SIZE, TOKENS))
                .addLayer(
                        "attention",
                        new SelfAttentionLayer.Builder()
                                .nOut(SIZE)
                                .nHeads(HEADS)
                                .headSize(SIZE / HEADS)
                                .projectInput(true)
                                .build(),
                        "tokens")
                .addVertex("attended", new ElementWiseVertex(ElementWiseVertex.Op.Add), "tokens", "attention")
                .addLayer("mlp1", dense(MLP_RATIO * SIZE, Activation.GELU), "attended")
                .addLayer("mlp2", dense(SIZE, Activation.IDENTITY), "mlp1")
                .addVertex("mlp", new PreprocessorVertex(new FeedForwardToRnnPreProcessor()), "mlp2")
                .addVertex("block", new ElementWiseVertex(ElementWiseVertex.Op.Add), "attended", "mlp"));
    }

    private GraphBuilder graph() {
        return new NeuralNetConfiguration.Builder()
                .seed(settings.seed())
                .updater(new Adam(LEARNING_RATE))
                .graphBuilder();
    }

    private static DenseLayer dense(int size, Activation activation) {
        return new DenseLayer.Builder().nOut(size).activation(activation).build();
    }

    /** Of the vertex {@code block}, and its mean squared error over all numbers: a row of each example, as DL4J's sums over time. */
    private static ComputationGraph network(GraphBuilder graph) {
        ComputationGraph network =
                new ComputationGraph(graph.addVertex("row", new ReshapeVertex(-1, TOKENS * SIZE), "block")
                        .addLayer(
                                "loss",
                                new LossLayer.Builder(LossFunction.MSE)
                                        .activation(Activation.IDENTITY)
                                        .build(),
                                "row")
                        .setOutputs("loss")
                        .build());
        network.init();
        return network;
    }
}
