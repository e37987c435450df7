package io.github.dl4jnorms.samediff.dit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.op.ComposedForm;
import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.samediff.attention.AttentionBlock;
import io.github.dl4jnorms.samediff.attention.Gelu;
import io.github.dl4jnorms.samediff.attention.TransformerBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The diffusion transformer's parts against {@code src/test/python/dit.py}. */
class DiTTorchTest {

    private static final Map<String, INDArray> TORCH = Compare.npz("/dit/dit.npz");

    private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("block-silu", block()),
                Arguments.of("block-plain", block().silu(false)),
                Arguments.of("block-exact-gelu", block().gelu(Gelu.EXACT)),
                Arguments.of("block-one-head", block().heads(1)),
                Arguments.of("block-masked", block()),
                Arguments.of("block-rms", block().norm("rms")),
                Arguments.of("block-gn", block().norm("gn2")),
                Arguments.of("block-bn", block().norm("bn")));
    }

    private static DiTBlock.Builder block() {
        return new DiTBlock.Builder().heads(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theBlockIsPyTorchs(String name, DiTBlock.Builder block) {
        for (RNNFormat format : RNNFormat.values()) {
            check(name, block.build(), format, DataType.DOUBLE, 1e-12);
            check(name, block.build(), format, DataType.FLOAT, 1e-5);
        }
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("attention", new AttentionBlock.Builder().heads(2).build()),
                Arguments.of(
                        "transformer-ln",
                        new TransformerBlock.Builder().heads(2).build()),
                Arguments.of(
                        "transformer-rms",
                        new TransformerBlock.Builder()
                                .heads(2)
                                .norm("rms")
                                .epsilon(1e-5)
                                .build()),
                Arguments.of(
                        "time",
                        new TimestepEmbedding.Builder().nOut(8).frequencies(10).build()),
                Arguments.of("patches", new PatchEmbed.Builder().nOut(8).build()),
                Arguments.of(
                        "unpatchify",
                        new Unpatchify.Builder().height(4).width(6).build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void theLayerIsPyTorchs(String name, Layer layer) {
        GraphVertex vertex = new LayerVertex(
                new NeuralNetConfiguration.Builder().layer(layer).build(), null);
        check(name, vertex, RNNFormat.NWC, DataType.DOUBLE, 1e-12);
        check(name, vertex, RNNFormat.NWC, DataType.FLOAT, name.equals("time") ? 1e-3 : 1e-5);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void theFinalLayerIsPyTorchs(RNNFormat format) {
        FinalLayer layer = new FinalLayer.Builder().nOut(12).build();
        check("final", layer, format, DataType.DOUBLE, 1e-12);
        check("final", layer, format, DataType.FLOAT, 1e-5);
    }

    /** In both forms. */
    private static void check(String name, GraphVertex vertex, RNNFormat format, DataType type, double tolerance) {
        for (boolean composed : new boolean[] {false, true}) {
            try (ComposedForm form = ComposedForm.use(composed)) {
                check(name + (composed ? " composed" : " fused"), name, vertex, format, type, tolerance);
            }
        }
    }

    private static void check(
            String title, String name, GraphVertex vertex, RNNFormat format, DataType type, double tolerance) {
        INDArray x = array(name, "x", type);
        boolean conditional = TORCH.containsKey(name + ".c");
        String[] inputs = conditional ? new String[] {"x", "c"} : new String[] {"x"};
        InputType[] types = new InputType[inputs.length];
        types[0] = typeOf(x, format);
        if (conditional) {
            types[1] = InputType.feedForward(array(name, "c", type).size(1));
        }
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().dataType(type);
        var graph = builder.graphBuilder().addInputs(inputs).setInputTypes(types);
        if (vertex instanceof LayerVertex layer) {
            graph.addLayer("it", layer.getLayerConf().getLayer().clone(), inputs);
        } else {
            graph.addVertex("it", vertex.clone(), inputs);
        }
        ComputationGraph network = new ComputationGraph(
                graph.setOutputs("it").validateOutputLayerConfig(false).build());
        network.init();
        network.initGradientsView();

        org.deeplearning4j.nn.graph.vertex.GraphVertex it = network.getVertex("it");
        it.paramTable(false).forEach((parameter, value) -> {
            if (TORCH.containsKey(name + "." + parameter)) {
                value.assign(array(name, parameter, type).reshape(value.shape()));
            }
        });
        it.setInput(0, toLayout(x, format), NONE);
        if (conditional) {
            it.setInput(1, array(name, "c", type), NONE);
        }
        if (TORCH.containsKey(name + ".mask")) {
            INDArray mask = array(name, "mask", type);
            it.feedForwardMaskArrays(new INDArray[] {mask, null}, MaskState.Active, (int) mask.size(0));
        }
        String what = title + " " + format + " " + type + " ";
        INDArray y = it.doForward(true, NONE);
        Compare.assertClose(what + "y", toNwc(y, format), array(name, "y", type), tolerance);
        it.setEpsilon(toLayout(array(name, "dy", type), format));
        Pair<Gradient, INDArray[]> back = it.doBackward(false, NONE);
        Compare.assertClose(what + "dx", toNwc(back.getSecond()[0], format), array(name, "dx", type), tolerance);
        if (conditional) {
            Compare.assertClose(what + "dc", back.getSecond()[1], array(name, "dc", type), tolerance);
        }
        Map<String, INDArray> gradients = new LinkedHashMap<>(
                back.getFirst() == null ? Map.of() : back.getFirst().gradientForVariable());
        gradients.keySet().removeIf(p -> p.endsWith("mean") || p.endsWith("variance"));
        assertThat(gradients.keySet()).allMatch(p -> TORCH.containsKey(name + ".d" + p));
        gradients.forEach((parameter, gradient) -> {
            INDArray expected = array(name, "d" + parameter, type);
            Compare.assertClose(what + "d" + parameter, gradient.reshape(expected.shape()), expected, tolerance);
        });
    }

    private static InputType typeOf(INDArray x, RNNFormat format) {
        return switch (x.rank()) {
            case 2 -> InputType.feedForward(x.size(1));
            case 3 -> InputType.recurrent(x.size(2), x.size(1), format);
            default -> InputType.convolutional(x.size(2), x.size(3), x.size(1), CNN2DFormat.NCHW);
        };
    }

    private static INDArray array(String name, String key, DataType type) {
        return TORCH.get(name + "." + key).castTo(type);
    }

    private static INDArray toLayout(INDArray nwc, RNNFormat format) {
        return format == RNNFormat.NWC || nwc.rank() != 3
                ? nwc
                : nwc.permute(0, 2, 1).dup('c');
    }

    private static INDArray toNwc(INDArray array, RNNFormat format) {
        return format == RNNFormat.NWC || array.rank() != 3 ? array : array.permute(0, 2, 1);
    }
}
