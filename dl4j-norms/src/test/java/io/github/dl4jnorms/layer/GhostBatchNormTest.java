package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.Fixture;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@ExtendWith(DoublePrecision.class)
class GhostBatchNormTest {

    @ParameterizedTest
    @CsvSource({"ff, false", "ff, true", "rnn, false", "rnn, true", "cnn, false", "cnn, true", "cnn3d, false"})
    void isPyTorchsBatchNormOfEachVirtualBatch(String kind, boolean composed) {
        Fixture torch = Fixture.of("ghost_batch_norm_" + kind);
        GhostBatchNorm layer = new GhostBatchNorm.Builder().virtualBatchSize(2).build();
        try (ComposedForm form = ComposedForm.use(composed)) {
            for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
                for (boolean last : new boolean[] {false, true}) {
                    SingleNode node = SingleNode.of(torch, layer, type, last, List.of("x"), "gamma", "beta");
                    node.check(torch, type, true, List.of("x"), "gamma", "beta");
                    assertClose("mean", node.get("mean"), torch.get("mean", type));
                    assertClose("variance", node.get("variance"), torch.get("variance", type));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, false", "100, false", "4, true", "100, true"})
    void ofTheWholeBatchItIsBatchNorm(int k, boolean composed) {
        INDArray x = random(1, DataType.DOUBLE, 4, 3, 2, 2);
        INDArray dy = random(2, DataType.DOUBLE, 4, 3, 2, 2);
        try (ComposedForm form = ComposedForm.use(composed)) {
            SingleNode ghost = new SingleNode(
                    new GhostBatchNorm.Builder()
                            .virtualBatchSize(k)
                            .activation(Activation.LEAKYRELU)
                            .build(),
                    false,
                    x);
            SingleNode batch = new SingleNode(
                    new BatchNorm.Builder().activation(Activation.LEAKYRELU).build(), false, x);
            for (int step = 0; step < 2; step++) {
                assertClose("y", ghost.forward(true, x), batch.forward(true, x));
                assertClose(
                        "dx",
                        ghost.backward(dy).getSecond()[0],
                        batch.backward(dy).getSecond()[0]);
                assertClose("mean", ghost.get("mean"), batch.get("mean"));
                assertClose("variance", ghost.get("variance"), batch.get("variance"));
            }
            assertClose("evaluation", ghost.forward(false, x), batch.forward(false, x));
        }
    }

    /** 5 examples by 2: 2, and 3 rather than 2 and 1; the batch size changes from call to call. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSingleValueGoesWithTheVirtualBatchBefore(boolean composed) {
        INDArray x = random(1, DataType.DOUBLE, 5, 3);
        try (ComposedForm form = ComposedForm.use(composed)) {
            SingleNode ghost = new SingleNode(
                    new GhostBatchNorm.Builder().virtualBatchSize(2).build(), false, x);
            SingleNode batch = new SingleNode(new BatchNorm.Builder().build(), false, x);
            INDArray four = x.get(NDArrayIndex.interval(0, 4)).dup();
            INDArray head = x.get(NDArrayIndex.interval(0, 2)).dup();
            INDArray middle = x.get(NDArrayIndex.interval(2, 4)).dup();
            INDArray tail = x.get(NDArrayIndex.interval(2, 5)).dup();
            assertClose("5", ghost.forward(true, x), Nd4j.vstack(batch.forward(true, head), batch.forward(true, tail)));
            assertClose(
                    "4",
                    ghost.forward(true, four),
                    Nd4j.vstack(batch.forward(true, head), batch.forward(true, middle)));
        }
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new GhostBatchNorm.Builder().virtualBatchSize(3).build(),
                new long[][] {{7, 3}},
                new long[][] {{5, 2, 2}},
                new long[][] {{4, 2, 2, 3}},
                new long[][] {{4, 2, 2, 1, 2}});
        FiniteDifferences.checkLayouts(
                () -> new GhostBatchNorm.Builder()
                        .virtualBatchSize(2)
                        .affine(false)
                        .activation(Activation.TANH)
                        .build(),
                new long[][] {{5, 2, 2}});
        FiniteDifferences.check(
                new GhostBatchNorm.Builder().virtualBatchSize(2).build(),
                false,
                Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}, {1, 1, 1}}),
                new long[] {3, 4, 3});
    }

    /** Each virtual batch as BatchNorm with that part of the mask. */
    @Test
    void paddingIsNotSeen() {
        INDArray x = random(1, DataType.DOUBLE, 4, 2, 3);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}, {1, 1, 1}, {1, 1, 0}});
        SingleNode ghost =
                new SingleNode(new GhostBatchNorm.Builder().virtualBatchSize(2).build(), false, x);
        ghost.masks(mask);
        INDArray y = ghost.forward(true, x);
        ghost.backward(x);
        INDArray variance = Nd4j.zeros(DataType.DOUBLE, 2);
        for (int from = 0; from < 4; from += 2) {
            INDArray part = x.get(NDArrayIndex.interval(from, from + 2)).dup();
            SingleNode batch = new SingleNode(new BatchNorm.Builder().build(), false, x);
            batch.masks(mask.get(NDArrayIndex.interval(from, from + 2)).dup());
            assertClose("y", y.get(NDArrayIndex.interval(from, from + 2)), batch.forward(true, part));
            batch.backward(part);
            variance.addi(batch.get("variance").div(2));
        }
        assertClose("variance", ghost.get("variance"), variance);
    }

    @Test
    void persistence() {
        Persistence.check(
                new GhostBatchNorm.Builder()
                        .virtualBatchSize(2)
                        .cumulative(true)
                        .unbiased(false)
                        .activation(Activation.RELU)
                        .build(),
                new long[] {3, 4, 3, 3});
        assertThat(new GhostBatchNorm.Builder().build())
                .isNotEqualTo(new GhostBatchNorm.Builder().virtualBatchSize(2).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GhostBatchNorm.Builder().virtualBatchSize(0))
                .withMessage("virtualBatchSize: takes a number greater than 0, received 0");
        INDArray x = random(1, DataType.DOUBLE, 1, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SingleNode(new GhostBatchNorm.Builder().build(), false, x).forward(true, x))
                .withMessage("x: batch statistics take more than one value per channel, received shape [1, 3]");
    }
}
