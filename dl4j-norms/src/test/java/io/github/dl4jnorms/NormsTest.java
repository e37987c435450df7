package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.op.ComposedForm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NormsTest {

    private static final int C = 6;
    private static final List<Integer> GROUPS = List.of(1, 2, 3, 6);
    private static final List<long[]> SHAPES =
            List.of(new long[] {4, C}, new long[] {3, C, 5}, new long[] {2, C, 4, 3}, new long[] {2, C, 2, 3, 2});

    @ParameterizedTest
    @CsvSource({
        "false, DOUBLE",
        "false, FLOAT",
        "false, HALF",
        "false, BFLOAT16",
        "true, DOUBLE",
        "true, FLOAT",
        "true, HALF",
        "true, BFLOAT16"
    })
    void areTheirDefinitionsInAnyLayout(boolean composed, DataType type) {
        INDArray gamma = random(1, type, C);
        INDArray beta = random(2, type, C);
        INDArray mean = random(3, type, C);
        INDArray variance = random(4, type, C).mul(0.2).add(2);
        try (ComposedForm form = ComposedForm.use(composed)) {
            for (long[] shape : SHAPES) {
                INDArray x = random(5, type, shape);
                long[] row = java.util.Arrays.copyOfRange(shape, 1, shape.length);
                INDArray scale = random(1, type, row);
                INDArray shift = random(2, type, row);
                List<INDArray> group = GROUPS.stream()
                        .map(groups -> ByHand.groupNorm(x, groups, gamma, beta, 1e-5))
                        .toList();
                INDArray instance = x.rank() > 2 ? ByHand.groupNorm(x, C, gamma, null, 1e-5) : null;
                INDArray layer = ByHand.rowNorm(x, 1, true, scale, shift, 1e-5);
                INDArray rms = ByHand.rowNorm(x, 1, false, scale, null, 1e-6);
                INDArray batch = ByHand.batchNorm(x, mean, variance, null, beta, 1e-5);
                BatchStatistics expected = ByHand.batchStatistics(x);
                Arrays.layouts(x).forEach((layout, in) -> {
                    for (int i = 0; i < GROUPS.size(); i++) {
                        INDArray y = Norms.groupNorm(in, GROUPS.get(i), gamma, beta, 1e-5);
                        assertClose("groupNorm " + layout, y, group.get(i));
                    }
                    if (instance != null) {
                        assertClose("instanceNorm " + layout, Norms.instanceNorm(in, gamma, null, 1e-5), instance);
                    }
                    assertClose("layerNorm " + layout, Norms.layerNorm(in, 1, scale, shift, 1e-5), layer);
                    assertClose("rmsNorm " + layout, Norms.rmsNorm(in, 1 - x.rank(), scale, 1e-6), rms);
                    assertClose("batchNorm " + layout, Norms.batchNorm(in, mean, variance, null, beta, 1e-5), batch);
                    BatchStatistics actual = Norms.batchStatistics(in);
                    assertClose("mean " + layout, actual.mean(), expected.mean());
                    assertClose("variance " + layout, actual.variance(), expected.variance());
                    assertThat(actual.mean().dataType()).isEqualTo(type == DataType.DOUBLE ? type : DataType.FLOAT);
                    assertThat(in).as("x is left as it was").isEqualTo(x);
                });
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void writeIntoAnyOutput(boolean composed) {
        INDArray x = random(6, DataType.FLOAT, 2, C, 3, 3);
        INDArray mean = random(7, DataType.FLOAT, C);
        INDArray variance = random(8, DataType.FLOAT, C).mul(0.2).add(2);
        INDArray group = Norms.groupNorm(x, 3, null, null, 1e-5);
        INDArray instance = Norms.instanceNorm(x, null, null, 1e-5);
        INDArray batch = Norms.batchNorm(x, mean, variance, null, null, 1e-5);
        INDArray layer = Norms.layerNorm(x, 1, null, null, 1e-5);
        INDArray rms = Norms.rmsNorm(x, -1, null, 1e-6);
        try (ComposedForm form = ComposedForm.use(composed)) {
            Arrays.layouts(x.like()).forEach((layout, out) -> {
                assertThat(Norms.groupNorm(x, 3, null, null, 1e-5, out)).isSameAs(out);
                assertClose("groupNorm " + layout, out, group);
                assertThat(Norms.instanceNorm(x, null, null, 1e-5, out)).isSameAs(out);
                assertClose("instanceNorm " + layout, out, instance);
                assertThat(Norms.layerNorm(x, 1, null, null, 1e-5, out)).isSameAs(out);
                assertClose("layerNorm " + layout, out, layer);
                assertThat(Norms.rmsNorm(x, -1, null, 1e-6, out)).isSameAs(out);
                assertClose("rmsNorm " + layout, out, rms);
                assertThat(Norms.batchNorm(x, mean, variance, null, null, 1e-5, out))
                        .isSameAs(out);
                assertClose("batchNorm " + layout, out, batch);
            });
            Arrays.layouts(x).forEach((layout, in) -> {
                assertClose("groupNorm in place " + layout, Norms.groupNorm(in, 3, null, null, 1e-5, in), group);
                in.assign(x);
                assertClose("layerNorm in place " + layout, Norms.layerNorm(in, 1, null, null, 1e-5, in), layer);
                in.assign(x);
                assertClose("rmsNorm in place " + layout, Norms.rmsNorm(in, -1, null, 1e-6, in), rms);
                in.assign(x);
                assertClose(
                        "batchNorm in place " + layout,
                        Norms.batchNorm(in, mean, variance, null, null, 1e-5, in),
                        batch);
            });
        }
    }

    @Test
    void batchStatisticsNormalizeTheBatch() {
        INDArray x = random(9, DataType.FLOAT16, 8, C, 5);
        BatchStatistics s = Norms.batchStatistics(x);
        INDArray y = Norms.batchNorm(x, s.mean(), s.variance(), null, null, 1e-5);
        BatchStatistics normalized = Norms.batchStatistics(y);
        assertThat(normalized.mean().amaxNumber().doubleValue()).isLessThan(1e-3);
        assertThat(normalized.variance().sub(1).amaxNumber().doubleValue()).isLessThan(2e-3);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void resultsAreInTheCurrentWorkspace(boolean composed) {
        INDArray x = random(10, DataType.FLOAT, 2, C, 4);
        try (ComposedForm form = ComposedForm.use(composed)) {
            INDArray outside = Norms.groupNorm(x, 2, null, null, 1e-5);
            assertThat(outside.isAttached()).isFalse();
            try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("NORMS_" + composed)) {
                INDArray inside = Norms.groupNorm(x, 2, null, null, 1e-5);
                assertThat(inside.isAttached()).isTrue();
                assertThat(Norms.batchStatistics(x).mean().isAttached()).isTrue();
                assertClose("in a workspace", inside.detach(), outside);
            }
        }
    }

    @Test
    void aGroupThatIsLargerThanATileAndRowsThatAreLonger() {
        for (long[] shape : new long[][] {{1, 2, 70_001}, {3, 5, 1_000}, {2, 4, 257, 257}, {70_001, 2}}) {
            for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
                INDArray x = random(11, type, shape);
                INDArray gamma = random(12, type, shape[1]);
                assertClose(
                        "groupNorm",
                        Norms.groupNorm(x, 1, gamma, null, 1e-5),
                        ByHand.groupNorm(x, 1, gamma, null, 1e-5));
                assertClose(
                        "variance",
                        Norms.batchStatistics(x).variance(),
                        ByHand.batchStatistics(x).variance());
            }
        }
    }
}
