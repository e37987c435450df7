package io.github.dl4jnorms.runtime;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.DoublePrecision;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Definitions of every shape between ordinary layers, checked by finite differences. */
@ExtendWith(DoublePrecision.class)
class DefinedRuntimeTest {

    private static final int IN = 3;
    private static final int HIDDEN = 4;
    private static final int OUT = 2;

    static List<Layer> layers() {
        return List.of(
                new Definitions.Itself(),
                new Definitions.Identity(),
                new Definitions.Reshaped(),
                new Definitions.ReshapedTwice(),
                new Definitions.ReshapedSquare(),
                new Definitions.Unused(),
                new Definitions.Power(),
                new Definitions.Counting());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientOfALayer(Layer layer) {
        assertGradients(network(layer, null), 5);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void evaluationIsTrainingsForwardPass(Layer layer) {
        MultiLayerNetwork network = network(layer, null);
        INDArray x = random(1, DataType.DOUBLE, 5, IN);
        assertClose("output", network.output(x, false), network.output(x, true));
    }

    /** Dropout overwrites its input, which is our output. */
    @ParameterizedTest
    @MethodSource("layers")
    void theNextLayerMayOverwriteTheOutput(Layer layer) {
        assertGradients(network(layer, new Doubling()), 5);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theNextPassDoesNotOverwriteTheOutput(Layer definition) {
        org.deeplearning4j.nn.api.Layer layer = network(definition, null).getLayer(1);
        for (boolean training : new boolean[] {false, true}) {
            INDArray first =
                    layer.activate(random(1, DataType.DOUBLE, 5, HIDDEN), training, LayerWorkspaceMgr.noWorkspaces());
            INDArray copy = first.dup();
            layer.activate(random(2, DataType.DOUBLE, 5, HIDDEN), training, LayerWorkspaceMgr.noWorkspaces());
            assertClose("the first output", first, copy);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aColumnMajorInput(Layer layer) {
        MultiLayerNetwork network = network(layer, null);
        INDArray x = random(1, DataType.DOUBLE, 5, IN);
        assertClose("output", network.output(x.dup('f')), network.output(x));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void gradientsOfAVertexWithTwoInputs(WorkspaceMode mode) {
        for (DefinedVertex vertex :
                new DefinedVertex[] {new Definitions.Sum(), new Definitions.First(), new Definitions.Product(0.7)}) {
            ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .trainingWorkspaceMode(mode)
                    .inferenceWorkspaceMode(mode)
                    .seed(1)
                    .graphBuilder()
                    .addInputs("x")
                    .setInputTypes(InputType.feedForward(IN))
                    .addLayer("a", dense(), "x")
                    .addLayer("b", dense(), "x")
                    .addVertex("ab", vertex, "a", "b")
                    // a's gradient has two more parts, and one vertex takes the same array twice
                    .addVertex("aba", new Definitions.Sum(), "ab", "a")
                    .addVertex("square", new Definitions.Product(), "a", "a")
                    .addVertex("sum", new Definitions.Sum(), "aba", "square")
                    .addLayer("out", output(), "sum")
                    .setOutputs("out")
                    .build());
            network.init();
            INDArray x = random(1, DataType.DOUBLE, 5, IN);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                            .net(network)
                            .inputs(new INDArray[] {x})
                            .labels(new INDArray[] {random(2, DataType.DOUBLE, 5, OUT)})
                            .print(PrintMode.FAILURES_ONLY)
                            .maxRelError(1e-5)))
                    .as(vertex.getClass().getSimpleName())
                    .isTrue();
        }
    }

    @Test
    void aBufferIsRenewedOncePerIterationAndNotByForwardPasses() {
        MultiLayerNetwork network = network(new Definitions.Counting(), null);
        INDArray x = random(1, DataType.DOUBLE, 5, IN);
        INDArray labels = random(2, DataType.DOUBLE, 5, OUT);
        for (int i = 0; i < 3; i++) {
            network.fit(x, labels);
            network.output(x, true);
            network.output(x, false);
            network.score(new org.nd4j.linalg.dataset.DataSet(x, labels), true);
        }
        assertThat(network.getParam("1_count").getDouble(0)).isEqualTo(3);
    }

    @Test
    void aParameterWithoutGradientHasAZeroOne() {
        MultiLayerNetwork network = network(new Definitions.Unused(), null);
        network.setInput(random(1, DataType.DOUBLE, 5, IN));
        network.setLabels(random(2, DataType.DOUBLE, 5, OUT));
        network.computeGradientAndScore();
        network.computeGradientAndScore();
        assertThat(network.gradient().getGradientFor("1_unused")).isEqualTo(Nd4j.zeros(DataType.DOUBLE, 3));
        assertThat(network.gradient().getGradientFor("1_w").getDouble(0)).isNotZero();
    }

    @Test
    void aSequenceMaskReachesALayer() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new Definitions.Masked())
                .layer(new RnnLossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2))
                .build());
        network.init();
        INDArray x = random(1, DataType.DOUBLE, 2, 2, 3);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}});
        INDArray expected = x.mul(mask.reshape(2, 1, 3));
        assertClose("with mask", network.output(x, false, mask, null), expected);
        assertClose("without, afterwards", network.output(x), x);
    }

    @Test
    void sequenceMasksReachAVertex() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.recurrent(2), InputType.recurrent(2))
                .addVertex("sum", new Definitions.MaskedSum(), "a", "b")
                .addLayer(
                        "loss",
                        new RnnLossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "sum")
                .setOutputs("loss")
                .build());
        network.init();
        INDArray a = random(1, DataType.DOUBLE, 2, 2, 3);
        INDArray b = random(2, DataType.DOUBLE, 2, 2, 3);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}});
        INDArray masked = mask.reshape(2, 1, 3);
        INDArray[] inputs = {a, b};
        assertClose(
                "both",
                network.output(false, inputs, new INDArray[] {mask, mask}, null)[0],
                a.add(b).mul(masked));
        assertClose("one", network.output(false, inputs, new INDArray[] {null, mask}, null)[0], a.add(b.mul(masked)));
        assertClose("none, afterwards", network.output(false, inputs)[0], a.add(b));
    }

    private static void assertGradients(MultiLayerNetwork network, int examples) {
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(random(1, DataType.DOUBLE, examples, IN))
                        .labels(random(2, DataType.DOUBLE, examples, OUT))
                        .print(PrintMode.FAILURES_ONLY)
                        .callEachIter(n -> {})
                        .maxRelError(1e-5)))
                .isTrue();
    }

    private static MultiLayerNetwork network(Layer layer, IDropout dropout) {
        DenseLayer next = dense();
        next.setIDropout(dropout);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .seed(1)
                .list()
                .layer(dense())
                .layer(layer)
                .layer(next)
                .layer(output())
                .setInputType(InputType.feedForward(IN))
                .build());
        network.init();
        return network;
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(HIDDEN).activation(Activation.TANH).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(OUT)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** As much like dropout as can be without chance: multiplies by two, in place where allowed. */
    private static final class Doubling implements IDropout {
        @Override
        public INDArray applyDropout(
                INDArray activations, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
            return result.assign(activations.mul(2));
        }

        @Override
        public INDArray backprop(INDArray gradientAtOutput, INDArray gradientAtInput, int iteration, int epoch) {
            return gradientAtInput.assign(gradientAtOutput.mul(2));
        }

        @Override
        public void clear() {}

        @Override
        public IDropout clone() {
            return this;
        }
    }
}
