package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every gradient against finite differences, no parameter and no buffer left out. */
@ExtendWith(DoublePrecision.class)
class GradientCheckTest {

    private static final long[][] SHAPES = {{5, 4}, {3, 4, 3}, {2, 4, 2, 3}, {2, 4, 2, 1, 2}};

    private static final Map<String, Supplier<NormLayer.Builder<?>>> NORMS = Map.of(
            "BatchNorm", BatchNorm.Builder::new,
            "GroupNorm", () -> new GroupNorm.Builder().groups(2),
            "InstanceNorm", InstanceNorm.Builder::new,
            "LayerNorm", LayerNorm.Builder::new,
            "RMSNorm", RMSNorm.Builder::new,
            "LayerNorm of examples", () -> new LayerNorm.Builder().wholeExample(true),
            "RMSNorm of examples", () -> new RMSNorm.Builder().wholeExample(true));

    /** The smallest rank that a norm takes. */
    private static int rank(String norm) {
        return norm.endsWith("of examples") ? 4 : norm.equals("InstanceNorm") ? 3 : 2;
    }

    /** A network of weights, the norm, and a loss. */
    record Case(
            String norm, long[] shape, boolean channelsLast, boolean affine, Activation activation, boolean composed) {

        NormLayer layer() {
            NormLayer.Builder<?> builder = NORMS.get(norm).get();
            builder.affine(affine);
            builder.activation(activation);
            return builder.build();
        }

        /** In the layout of the layer. */
        INDArray x() {
            long[] layout = SingleLayer.inputType(shape, channelsLast).getShape(true);
            layout[0] = shape[0];
            return random(1, DataType.DOUBLE, layout);
        }

        INDArray labels() {
            return random(
                    2, DataType.DOUBLE, shape[0], LongStream.of(shape).skip(1).reduce(1, Math::multiplyExact));
        }

        @Override
        public String toString() {
            return norm + " rank " + shape.length + (channelsLast ? " channels last " : " ") + activation
                    + (affine ? " affine" : "") + (composed ? " composed" : " fused");
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String norm : new TreeSet<>(NORMS.keySet())) {
            for (long[] shape : SHAPES) {
                for (boolean last : new boolean[] {false, true}) {
                    if (last && shape.length == 2 || shape.length < rank(norm)) {
                        continue;
                    }
                    for (boolean affine : new boolean[] {true, false}) {
                        for (Activation activation :
                                new Activation[] {Activation.IDENTITY, Activation.RELU, Activation.TANH}) {
                            cases.add(new Case(norm, shape, last, affine, activation, false));
                        }
                    }
                    cases.add(new Case(norm, shape, last, true, Activation.RELU, true));
                    cases.add(new Case(norm, shape, last, false, Activation.IDENTITY, true));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void multiLayerNetwork(Case c) {
        try (ComposedForm form = ComposedForm.use(c.composed())) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .list()
                    .layer(new Multiply())
                    .layer(c.layer())
                    .layer(new Flatten())
                    .layer(loss())
                    .setInputType(SingleLayer.inputType(c.shape(), c.channelsLast()))
                    .build());
            network.init();
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(c.x())
                            .labels(c.labels())
                            .print(PrintMode.FAILURES_ONLY)
                            .maxRelError(1e-5)))
                    .isTrue();
        }
    }

    static List<Case> graphCases() {
        return cases().stream()
                .filter(c -> c.affine() && c.activation() == Activation.RELU)
                .toList();
    }

    /** The norm's input goes around it too, so that its gradient is added to another one. */
    @ParameterizedTest
    @MethodSource("graphCases")
    void computationGraph(Case c) {
        try (ComposedForm form = ComposedForm.use(c.composed())) {
            ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .graphBuilder()
                    .addInputs("x")
                    .setInputTypes(SingleLayer.inputType(c.shape(), c.channelsLast()))
                    .addLayer("multiply", new Multiply(), "x")
                    .addLayer("norm", c.layer(), "multiply")
                    .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm", "multiply")
                    .addLayer("flatten", new Flatten(), "sum")
                    .addLayer("loss", loss(), "flatten")
                    .setOutputs("loss")
                    .build());
            network.init();
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                            .net(network)
                            .inputs(new INDArray[] {c.x()})
                            .labels(new INDArray[] {c.labels()})
                            .print(PrintMode.FAILURES_ONLY)
                            .maxRelError(1e-5)))
                    .isTrue();
        }
    }

    private static LossLayer loss() {
        return new LossLayer.Builder(LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .build();
    }
}
