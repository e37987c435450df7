package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Gradients against finite differences in double: of every parameter, and, by weights before it, of every input. */
final class FiniteDifferences {

    private FiniteDifferences() {}

    /** @param shapes channels first, of each input; with a mask, the first is of sequences */
    static void check(Object configuration, boolean channelsLast, INDArray mask, long[]... shapes) {
        String[] in = IntStream.range(0, shapes.length).mapToObj(i -> "in" + i).toArray(String[]::new);
        String[] weighted = Stream.of(in).map(name -> name + "w").toArray(String[]::new);
        InputType[] types = Stream.of(shapes)
                .map(s -> SingleLayer.inputType(s, channelsLast))
                .toArray(InputType[]::new);
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .seed(1)
                .graphBuilder()
                .addInputs(in)
                .setInputTypes(types);
        for (int i = 0; i < in.length; i++) {
            graph.addLayer(weighted[i], new Multiply(), in[i]);
        }
        SingleNode.add(graph, "node", configuration, weighted);
        if (mask == null) {
            graph.addLayer("flatten", new Flatten(), "node")
                    .addLayer(
                            "loss",
                            new LossLayer.Builder(LossFunction.MSE)
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            "flatten");
        } else {
            graph.addLayer(
                    "loss",
                    new RnnLossLayer.Builder(LossFunction.MSE)
                            .activation(Activation.IDENTITY)
                            .build(),
                    "node");
        }
        ComputationGraph network = new ComputationGraph(graph.setOutputs("loss").build());
        network.init();
        INDArray params = network.params();
        params.addi(Nd4j.linspace(DataType.DOUBLE, 0.1, 0.003, params.length()).reshape(params.shape()));
        INDArray[] x = new INDArray[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            long[] layout = types[i].getShape(true);
            layout[0] = shapes[i][0];
            x[i] = random(i + 1, DataType.DOUBLE, layout);
        }
        long perExample = LongStream.of(shapes[0]).skip(1).reduce(1, Math::multiplyExact);
        INDArray labels = mask == null
                ? random(9, DataType.DOUBLE, shapes[0][0], perExample)
                : random(9, DataType.DOUBLE, shapes[0]);
        GradientCheckUtil.GraphConfig check = new GradientCheckUtil.GraphConfig()
                .net(network)
                .inputs(x)
                .labels(new INDArray[] {labels})
                .print(PrintMode.FAILURES_ONLY)
                .maxRelError(1e-5);
        if (mask != null) {
            INDArray[] masks = new INDArray[shapes.length];
            masks[0] = mask;
            check.inputMask(masks).labelMask(new INDArray[] {mask});
        }
        assertThat(GradientCheckUtil.checkGradients(check))
                .as(configuration + (channelsLast ? " channels last" : ""))
                .isTrue();
    }

    /** Over ranks and layouts, each in the fused and the composed form. */
    static void checkLayouts(java.util.function.Supplier<?> configuration, long[][]... inputs) {
        for (long[][] shapes : inputs) {
            for (boolean last : new boolean[] {false, true}) {
                if (last && shapes[0].length == 2) {
                    continue;
                }
                for (boolean composed : new boolean[] {false, true}) {
                    try (var form = io.github.dl4jnorms.op.ComposedForm.use(composed)) {
                        check(configuration.get(), last, null, shapes);
                    }
                }
            }
        }
    }
}
