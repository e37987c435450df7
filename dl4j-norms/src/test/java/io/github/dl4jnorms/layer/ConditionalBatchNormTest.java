package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.Fixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@ExtendWith(DoublePrecision.class)
class ConditionalBatchNormTest {

    private static final List<String> INPUTS = List.of("x", "condition");

    @ParameterizedTest
    @ValueSource(strings = {"ff", "rnn", "cnn", "cnn3d"})
    void isItsFormulaInPyTorch(String kind) {
        Fixture torch = Fixture.of("conditional_batch_norm_" + kind);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (boolean last : new boolean[] {false, true}) {
                SingleNode node =
                        SingleNode.of(torch, new ConditionalBatchNorm.Builder().build(), type, last, INPUTS, "W", "b");
                node.check(torch, type, true, INPUTS, "W", "b");
                assertClose("mean", node.get("mean"), torch.get("mean", type));
                assertClose("variance", node.get("variance"), torch.get("variance", type));
            }
        }
    }

    /** [−1, 1] after the norm; class 0 has Δβ 2 and Δγ 3, class 1 has Δβ 4 and Δγ 5. */
    @Test
    void aOneHotClassByHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1}, {3}});
        INDArray classes = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}});
        SingleNode node = new SingleNode(
                new ConditionalBatchNorm.Builder()
                        .epsilon(1e-14)
                        .activation(Activation.RELU)
                        .build(),
                false,
                x,
                classes);
        node.set("W", Nd4j.createFromArray(new double[][] {{2, 3}, {4, 5}}));
        assertClose("y", node.forward(true, x, classes), Nd4j.createFromArray(new double[][] {{0}, {10}}));
    }

    @Test
    void atFirstItIsBatchNorm() {
        INDArray x = random(1, DataType.DOUBLE, 4, 3, 2, 2);
        INDArray condition = random(2, DataType.DOUBLE, 4, 2);
        INDArray dy = random(3, DataType.DOUBLE, 4, 3, 2, 2);
        SingleNode conditional = new SingleNode(
                new ConditionalBatchNorm.Builder().decay(0.8).unbiased(false).build(), false, x, condition);
        SingleNode batch = new SingleNode(
                new BatchNorm.Builder().decay(0.8).unbiased(false).build(), false, x);
        for (int step = 0; step < 3; step++) {
            assertClose("y", conditional.forward(true, x, condition), batch.forward(true, x));
            assertClose(
                    "dx",
                    conditional.backward(dy).getSecond()[0],
                    batch.backward(dy).getSecond()[0]);
            assertClose("variance", conditional.get("variance"), batch.get("variance"));
        }
        assertClose("evaluation", conditional.forward(false, x, condition), batch.forward(false, x));
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new ConditionalBatchNorm.Builder().zero(false).build(),
                new long[][] {{4, 3}, {4, 2}},
                new long[][] {{3, 2, 2}, {3, 2}},
                new long[][] {{3, 2, 2, 2}, {3, 2}});
        FiniteDifferences.check(
                new ConditionalBatchNorm.Builder().activation(Activation.TANH).build(),
                false,
                Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}, {1, 1, 1}}),
                new long[] {3, 4, 3},
                new long[] {3, 2});
    }

    @Test
    void paddingIsNotSeenAndComesOutAsZero() {
        INDArray x = random(1, DataType.DOUBLE, 3, 2, 4);
        INDArray condition = random(2, DataType.DOUBLE, 3, 2);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0}, {1, 1, 1, 0}, {1, 1, 1, 0}});
        for (boolean last : new boolean[] {false, true}) {
            SingleNode node = new SingleNode(
                    new ConditionalBatchNorm.Builder().zero(false).build(), last, x, condition);
            node.set("b", Nd4j.createFromArray(1.0, 2, 3, 4));
            INDArray expected = node.forward(true, steps(x, 0, 3).dup(), condition);
            node.masks(mask, null);
            INDArray y = node.forward(true, x, condition);
            assertClose("y", steps(y, 0, 3), expected);
            assertThat(steps(y, 3, 4).norm1Number().doubleValue()).isZero();
        }
    }

    private static INDArray steps(INDArray x, int from, int to) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    @Test
    void persistence() {
        Persistence.check(
                new ConditionalBatchNorm.Builder()
                        .zero(false)
                        .decay(0.7)
                        .unbiased(false)
                        .epsilon(1e-3)
                        .conditionActivation(Activation.SWISH)
                        .activation(Activation.RELU)
                        .build(),
                new long[] {3, 4, 3, 3},
                new long[] {3, 2});
        assertThat(new ConditionalBatchNorm.Builder().build())
                .isNotEqualTo(new ConditionalBatchNorm.Builder().decay(0.7).build())
                .isNotEqualTo(new ConditionalBatchNorm.Builder().unbiased(false).build())
                .isNotEqualTo(new ConditionalBatchNorm.Builder().epsilon(1e-3).build())
                .isNotEqualTo(new ConditionalBatchNorm.Builder()
                        .activation(Activation.RELU)
                        .build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConditionalBatchNorm.Builder().decay(2))
                .withMessage("decay: takes a number from 0 to 1, received 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConditionalBatchNorm.Builder().activation(Activation.SOFTMAX))
                .withMessageContaining("activation: takes one of");
    }
}
