package io.github.dl4jnorms.samediff.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.op.ComposedForm;
import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.samediff.attention.AttentionBlock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class DiTBlockTest {

    private static final int SIZE = 8;
    private static final int CONDITION = 5;

    private static ComputationGraph network(DiTBlock block, RNNFormat format) {
        String[] inputs = block.inputs() == 2 ? new String[] {"x", "c"} : new String[] {"x"};
        InputType[] types = {InputType.recurrent(SIZE, format), InputType.feedForward(CONDITION)};
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(5)
                .graphBuilder()
                .addInputs(inputs)
                .setInputTypes(Arrays.copyOf(types, inputs.length))
                .addVertex("block", block, inputs)
                .setOutputs("block")
                .validateOutputLayerConfig(false)
                .build());
        network.init();
        return network;
    }

    private static DiTBlock.Builder block() {
        return new DiTBlock.Builder().heads(2);
    }

    private static INDArray tokens(RNNFormat format, int examples, int length) {
        return format == RNNFormat.NWC
                ? Nd4j.randn(DataType.FLOAT, examples, length, SIZE)
                : Nd4j.randn(DataType.FLOAT, examples, SIZE, length);
    }

    private static int[] bits(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ln", "rms", "gn2", "bn", "none"})
    void startsAsTheIdentityBitForBit(String norm) {
        Random random = new Random(3);
        for (RNNFormat format : RNNFormat.values()) {
            ComputationGraph network = network(block().norm(norm).build(), format);
            for (int i = 0; i < 20; i++) {
                INDArray x = tokens(format, 1 + random.nextInt(3), 1 + random.nextInt(40));
                x.muli(Math.pow(10, random.nextInt(21) - 10));
                x.putScalar(0, 0, 0, -0.0f);
                x.putScalar(0, x.size(1) - 1, x.size(2) - 1, 0f);
                INDArray c = Nd4j.randn(DataType.FLOAT, x.size(0), CONDITION).muli(100);
                assertThat(bits(network.outputSingle(x, c)))
                        .as(norm + " " + format)
                        .isEqualTo(bits(x));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Conditioning.class, names = "ADALN_ZERO", mode = EnumSource.Mode.EXCLUDE)
    void otherConditioningsDoNot(Conditioning conditioning) {
        DiTBlock block = block().conditioning(conditioning).build();
        ComputationGraph network = network(block, RNNFormat.NWC);
        INDArray x = tokens(RNNFormat.NWC, 2, 6);
        INDArray y = conditioning.modulates()
                ? network.outputSingle(x, Nd4j.randn(DataType.FLOAT, 2, CONDITION))
                : network.outputSingle(x);
        assertThat(y.sub(x).norm2Number().doubleValue()).isGreaterThan(0.1);
    }

    /** What is masked makes no difference to the rest, and comes out as 0. */
    @ParameterizedTest
    @ValueSource(strings = {"ln", "rms", "gn2", "bn"})
    void maskedTokensAreNotHeard(String norm) {
        for (RNNFormat format : RNNFormat.values()) {
            ComputationGraph network =
                    network(block().norm(norm).conditioning(Conditioning.ADALN).build(), format);
            INDArray c = Nd4j.randn(DataType.FLOAT, 2, CONDITION);
            INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0, 1}, {1, 0, 0, 0}});
            INDArray x = Nd4j.randn(DataType.FLOAT, 2, 4, SIZE);
            INDArray hidden = mask.rsub(1).reshape(2, 4, 1);
            INDArray other = x.add(Nd4j.randn(DataType.FLOAT, x.shape()).mul(hidden));
            INDArray y = output(network, x, c, mask, format);
            INDArray z = output(network, other, c, mask, format);
            Compare.assertClose(norm + " " + format, z, y, 1e-6);
            for (int n = 0; n < 2; n++) {
                for (int t = 0; t < 4; t++) {
                    double size = y.slice(n).slice(t).norm2Number().doubleValue();
                    assertThat(size > 0).as("token " + n + ", " + t).isEqualTo(mask.getDouble(n, t) > 0);
                }
            }
        }
    }

    private static INDArray output(
            ComputationGraph network, INDArray nwc, INDArray c, INDArray mask, RNNFormat format) {
        INDArray x = format == RNNFormat.NWC ? nwc : nwc.permute(0, 2, 1);
        INDArray y = network.output(false, new INDArray[] {x, c}, new INDArray[] {mask, null})[0];
        return format == RNNFormat.NWC ? y : y.permute(0, 2, 1);
    }

    /** The first tokens of a longer sequence, the rest masked, are a shorter sequence. */
    @Test
    void aMaskCutsASequenceShort() {
        ComputationGraph network =
                network(block().conditioning(Conditioning.ADALN).build(), RNNFormat.NWC);
        INDArray x = tokens(RNNFormat.NWC, 1, 7);
        INDArray c = Nd4j.randn(DataType.FLOAT, 1, CONDITION);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0, 0, 0}});
        INDArrayIndex[] first = {NDArrayIndex.all(), NDArrayIndex.interval(0, 4), NDArrayIndex.all()};
        INDArray cut = network.output(false, new INDArray[] {x, c}, new INDArray[] {mask, null})[0];
        Compare.assertClose(
                "cut", cut.get(first), network.outputSingle(x.get(first).dup(), c), 1e-6);
    }

    /** No key at all: no attention, and 0 for everything. */
    @Test
    void aSequenceWithoutTokensGivesZero() {
        ComputationGraph network =
                network(block().conditioning(Conditioning.ADALN).build(), RNNFormat.NWC);
        INDArray y = network.output(
                        false,
                        new INDArray[] {tokens(RNNFormat.NWC, 1, 3), Nd4j.ones(1, CONDITION)},
                        new INDArray[] {Nd4j.zeros(1, 3), null})[0];
        assertThat(y.ameanNumber().doubleValue()).isZero();
    }

    @Test
    void tellsItsModulation() {
        DiTBlock block = block().conditioning(Conditioning.ADALN).build();
        ComputationGraph network = network(block, RNNFormat.NWC);
        Map<String, INDArray> parameters = network.getVertex("block").paramTable(false);
        INDArray c = Nd4j.randn(DataType.FLOAT, 3, CONDITION);
        DiTBlock configured =
                (DiTBlock) network.getConfiguration().getVertices().get("block");
        INDArray[] before = configured.modulation(c, parameters);
        assertThat(before).hasSize(6).allMatch(v -> v.size(0) == 3 && v.size(1) == SIZE);
        // with its gates taken away by the bias, the block is the identity
        INDArray one = c.getRow(0, true);
        INDArray[] vectors = configured.modulation(one, parameters);
        INDArray bias = parameters.get(ModulatedVertex.MODULATION_BIAS);
        for (int gate : new int[] {2, 5}) {
            bias.reshape(6, SIZE).slice(gate).subi(vectors[gate].reshape(SIZE));
        }
        INDArray x = tokens(RNNFormat.NWC, 1, 4);
        Compare.assertClose("identity", network.outputSingle(x, one), x, 1e-5);
    }

    /** At more tokens than the fixture has, with the gradients of all. */
    @ParameterizedTest
    @ValueSource(strings = {"ln", "rms", "gn2", "bn", "none"})
    void theComposedFormGivesTheSame(String norm) {
        INDArray x = tokens(RNNFormat.NWC, 3, 70);
        INDArray c = Nd4j.randn(DataType.FLOAT, 3, CONDITION);
        INDArray dy = tokens(RNNFormat.NWC, 3, 70);
        INDArray mask = Nd4j.rand(DataType.FLOAT, 3, 70).gt(0.3).castTo(DataType.FLOAT);
        for (INDArray heard : new INDArray[] {null, mask}) {
            Map<String, INDArray> fused = trained(norm, false, x, c, dy, heard);
            Map<String, INDArray> composed = trained(norm, true, x, c, dy, heard);
            assertThat(fused.keySet())
                    .isEqualTo(composed.keySet())
                    .contains("y", "dx", "dc", "dqkvW", "dmlp2b", "d" + ModulatedVertex.MODULATION_WEIGHT);
            fused.forEach((what, value) -> {
                assertThat(value.amaxNumber().doubleValue()).as(what).isPositive();
                Compare.assertClose(norm + " " + what, value, composed.get(what), 1e-4);
            });
        }
    }

    /** The output and all gradients. */
    private static Map<String, INDArray> trained(
            String norm, boolean composed, INDArray x, INDArray c, INDArray dy, INDArray mask) {
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        try (ComposedForm form = ComposedForm.use(composed)) {
            ComputationGraph network =
                    network(block().norm(norm).conditioning(Conditioning.ADALN).build(), RNNFormat.NWC);
            network.initGradientsView();
            GraphVertex block = network.getVertex("block");
            block.setInput(0, x, none);
            block.setInput(1, c, none);
            if (mask != null) {
                block.feedForwardMaskArrays(new INDArray[] {mask, null}, MaskState.Active, 3);
            }
            Map<String, INDArray> all = new LinkedHashMap<>();
            all.put("y", block.doForward(true, none));
            block.setEpsilon(dy);
            Pair<Gradient, INDArray[]> back = block.doBackward(false, none);
            all.put("dx", back.getSecond()[0]);
            all.put("dc", back.getSecond()[1]);
            back.getFirst().gradientForVariable().forEach((name, gradient) -> all.put("d" + name, gradient));
            all.keySet().removeIf(name -> name.endsWith("mean") || name.endsWith("variance"));
            return all;
        }
    }

    /** The other layout is the same graph between two transpositions, whose gradients the fixtures check. */
    @TestFactory
    Stream<DynamicTest> gradients() {
        return Stream.concat(
                        Stream.of("ln", "rms", "gn2", "bn", "none")
                                .flatMap(norm -> Stream.of(
                                        check(norm, RNNFormat.NWC),
                                        check(norm, RNNFormat.NWC).masked())),
                        Stream.of(check("ln", RNNFormat.NCW).masked()))
                .map(check -> DynamicTest.dynamicTest(check.name(), check::assertPasses));
    }

    private static GradientCheck check(String norm, RNNFormat format) {
        DiTBlock block =
                block().mlpRatio(2).norm(norm).conditioning(Conditioning.ADALN).build();
        return GradientCheck.of(block)
                .input(InputType.recurrent(4, 3, format), InputType.feedForward(3))
                .entriesPerArray(8);
    }

    @Test
    void refusesWhatItCannotTake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(block().heads(3).build(), RNNFormat.NWC))
                .withMessageContaining("heads: takes a divisor of the tokens' size 8, received 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block().heads(0))
                .withMessage("heads: takes a number greater than 0, received 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DiTBlock.Builder()
                        .build()
                        .getOutputType(0, InputType.feedForward(4), InputType.feedForward(4)))
                .withMessageContaining("inputType: DiTBlock takes recurrent input, received");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DiTBlock.Builder().build().getOutputType(0, InputType.recurrent(4)))
                .withMessageContaining("takes x and the condition, received 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionBlock.Builder().heads(-1))
                .withMessage("heads: takes a number greater than 0, received -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block().norm("zn"))
                .withMessageContaining("norm: takes");
        assertThat(List.of(block().build(), block().silu(false).build())).doesNotHaveDuplicates();
    }
}
