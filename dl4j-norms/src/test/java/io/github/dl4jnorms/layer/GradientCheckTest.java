package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.gradcheck.GradientChecks;
import io.github.dl4jnorms.gradcheck.Layout;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every gradient of every norm against finite differences. */
class GradientCheckTest {

    private static final long CHANNELS = 4;

    /** Entries of each array where a whole check takes long: of a formula that another check has all entries of. */
    private static final int SOME = 12;

    private static final Layout[] ALL = Layout.values();
    private static final Layout[] WITH_POSITIONS =
            Stream.of(ALL).filter(layout -> layout != Layout.NC).toArray(Layout[]::new);
    private static final Layout[] SPATIAL = {Layout.NCHW, Layout.NHWC, Layout.NCDHW, Layout.NDHWC};

    /** A norm, with the layouts that it takes. */
    private enum Norm {
        BATCH(ALL, BatchNorm.Builder::new),
        GROUP(ALL, () -> new GroupNorm.Builder().groups(2)),
        INSTANCE(WITH_POSITIONS, InstanceNorm.Builder::new),
        LAYER(ALL, LayerNorm.Builder::new),
        LAYER_OF_EXAMPLES(SPATIAL, () -> new LayerNorm.Builder().wholeExample(true)),
        RMS(ALL, RMSNorm.Builder::new),
        RMS_OF_EXAMPLES(SPATIAL, () -> new RMSNorm.Builder().wholeExample(true));

        private final Layout[] layouts;
        private final Supplier<NormLayer.Builder<?>> builder;

        Norm(Layout[] layouts, Supplier<NormLayer.Builder<?>> builder) {
            this.layouts = layouts;
            this.builder = builder;
        }

        NormLayer layer(boolean affine, Activation activation) {
            NormLayer.Builder<?> settings = builder.get();
            settings.affine(affine);
            settings.activation(activation);
            return settings.build();
        }
    }

    @TestFactory
    Stream<DynamicTest> fused() {
        return Stream.of(Norm.values())
                .flatMap(norm -> Stream.of(Activation.IDENTITY, Activation.RELU, Activation.TANH)
                        .flatMap(activation ->
                                Stream.of(true, false).flatMap(affine -> alone(norm, affine, activation, false))));
    }

    @TestFactory
    Stream<DynamicTest> composed() {
        return Stream.of(Norm.values())
                .flatMap(norm -> Stream.concat(
                        alone(norm, true, Activation.RELU, true), alone(norm, false, Activation.IDENTITY, true)));
    }

    @TestFactory
    Stream<DynamicTest> evaluation() {
        return GradientChecks.over(Norm.BATCH.layer(true, Activation.RELU), CHANNELS, Layout.values()).stream()
                .map(check -> check.training(false))
                .map(check -> DynamicTest.dynamicTest(check.name(), check::assertPasses));
    }

    @TestFactory
    Stream<DynamicTest> frozen() {
        return GradientChecks.over(new BatchNorm.Builder().frozen(true).build(), CHANNELS, Layout.values()).stream()
                .map(check -> test(check, false));
    }

    private static Stream<DynamicTest> alone(Norm norm, boolean affine, Activation activation, boolean composed) {
        boolean whole = activation == Activation.RELU && !composed;
        return GradientChecks.over(norm.layer(affine, activation), CHANNELS, norm.layouts).stream()
                .map(check -> check.name(norm + " " + check.name() + " " + activation + (affine ? " affine" : "")))
                .map(check -> test(whole ? check : check.entriesPerArray(SOME), composed));
    }

    /** The norm's input goes around it too, so that its gradient is added to another one, in a network with workspaces. */
    @TestFactory
    Stream<DynamicTest> residual() {
        return Stream.of(Norm.values())
                .flatMap(norm -> Stream.of(norm.layouts)
                        .flatMap(layout -> (layout == Layout.NCHW ? Stream.of(false, true) : Stream.of(false))
                                .map(composed -> test(residual(norm, layout), composed))));
    }

    private static GradientCheck residual(Norm norm, Layout layout) {
        ComputationGraphConfiguration network = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(layout.of(CHANNELS))
                .addLayer("multiply", new Multiply(), "x")
                .addLayer("norm", norm.layer(true, Activation.RELU), "multiply")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm", "multiply")
                .addLayer("flatten", new Flatten(), "sum")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "flatten")
                .setOutputs("loss")
                .build();
        return GradientCheck.of(network)
                .input(layout.of(CHANNELS))
                .name(norm + " " + layout)
                .entriesPerArray(SOME);
    }

    private static DynamicTest test(GradientCheck check, boolean composed) {
        return DynamicTest.dynamicTest(check.name() + (composed ? " composed" : " fused"), () -> {
            try (ComposedForm form = ComposedForm.use(composed)) {
                check.assertPasses();
            }
        });
    }
}
