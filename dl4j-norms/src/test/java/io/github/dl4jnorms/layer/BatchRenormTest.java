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

@ExtendWith(DoublePrecision.class)
class BatchRenormTest {

    private static final String[] STATE = {"gamma", "beta", "mean", "variance"};

    @ParameterizedTest
    @CsvSource({"ff, false", "ff, true", "rnn, false", "cnn, false", "cnn, true", "cnn3d, false"})
    void isItsFormulaInPyTorch(String kind, boolean composed) {
        Fixture torch = Fixture.of("batch_renorm_" + kind);
        BatchRenorm layer = new BatchRenorm.Builder().rMax(1.1).dMax(0.2).build();
        try (ComposedForm form = ComposedForm.use(composed)) {
            for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
                for (boolean last : new boolean[] {false, true}) {
                    SingleNode node = SingleNode.of(torch, layer, type, last, List.of("x"), STATE);
                    node.check(torch, type, true, List.of("x"), STATE);
                    assertClose("mean", node.get("mean"), torch.get("meanAfter", type));
                    assertClose("variance", node.get("variance"), torch.get("varianceAfter", type));
                }
            }
        }
    }

    /** r = 4 / 2, d = (3 − 1) / 2: the running statistics, as in evaluation; then by bounds. */
    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{-1}, {7}});
        INDArray mean = Nd4j.createFromArray(1.0);
        INDArray variance = Nd4j.createFromArray(4.0);
        SingleNode free =
                new SingleNode(new BatchRenorm.Builder().epsilon(1e-14).build(), false, x);
        free.set("mean", mean).set("variance", variance);
        assertClose("within bounds", free.forward(true, x), Nd4j.createFromArray(new double[][] {{-1}, {3}}));
        assertClose("evaluation", free.forward(false, x), Nd4j.createFromArray(new double[][] {{-1}, {3}}));
        SingleNode bounded = new SingleNode(
                new BatchRenorm.Builder().epsilon(1e-14).rMax(1.5).dMax(0.25).build(), false, x);
        bounded.set("mean", mean).set("variance", variance);
        assertClose("bounded", bounded.forward(true, x), Nd4j.createFromArray(new double[][] {{-1.25}, {1.75}}));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutRoomForRAndDItIsBatchNorm(boolean affine) {
        INDArray x = random(1, DataType.DOUBLE, 4, 3, 2, 2);
        INDArray dy = random(2, DataType.DOUBLE, 4, 3, 2, 2);
        SingleNode renorm = new SingleNode(
                new BatchRenorm.Builder()
                        .rMax(1)
                        .dMax(0)
                        .affine(affine)
                        .activation(Activation.RELU)
                        .build(),
                false,
                x);
        SingleNode batch = new SingleNode(
                new BatchNorm.Builder()
                        .affine(affine)
                        .activation(Activation.RELU)
                        .build(),
                false,
                x);
        for (int step = 0; step < 3; step++) {
            assertClose("y", renorm.forward(true, x), batch.forward(true, x));
            assertClose(
                    "dx", renorm.backward(dy).getSecond()[0], batch.backward(dy).getSecond()[0]);
            assertClose("variance", renorm.get("variance"), batch.get("variance"));
        }
        assertClose("evaluation", renorm.forward(false, x), batch.forward(false, x));
    }

    /** From BatchNorm to the full rMax and dMax. */
    @Test
    void boundsGrowWithTheIterations() {
        INDArray x = random(1, DataType.DOUBLE, 5, 3).mul(4).add(2);
        INDArray dy = random(2, DataType.DOUBLE, 5, 3);
        SingleNode ramp = new SingleNode(new BatchRenorm.Builder().ramp(1, 3).build(), false, x);
        double[] grown = {0, 0, 0.5, 1, 1};
        for (int step = 0; step < grown.length; step++) {
            SingleNode expected = new SingleNode(
                    new BatchRenorm.Builder()
                            .rMax(1 + 2 * grown[step])
                            .dMax(5 * grown[step])
                            .build(),
                    false,
                    x);
            expected.set("mean", ramp.get("mean")).set("variance", ramp.get("variance"));
            assertClose("y " + step, ramp.forward(true, x), expected.forward(true, x));
            ramp.backward(dy);
        }
        assertThat(ramp.get("iterations").getDouble(0)).isEqualTo(grown.length);
    }

    /** Far from the running statistics r and d are at their bounds, constants to finite differences too. */
    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new BatchRenorm.Builder().rMax(1.001).dMax(0.001).build(),
                new long[][] {{5, 4}},
                new long[][] {{3, 4, 3}},
                new long[][] {{2, 4, 2, 3}});
        FiniteDifferences.check(
                new BatchRenorm.Builder().rMax(1.001).dMax(0.001).affine(false).build(),
                false,
                Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}, {1, 1, 1}}),
                new long[] {3, 4, 3});
    }

    @Test
    void paddingIsNotSeen() {
        INDArray x = random(1, DataType.DOUBLE, 3, 2, 4);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0, 0}, {1, 1, 1, 1}, {1, 0, 0, 0}});
        INDArray other = x.dup();
        other.putScalar(new int[] {0, 1, 2}, 100);
        other.putScalar(new int[] {2, 0, 1}, -100);
        INDArray dy = random(2, DataType.DOUBLE, 3, 2, 4);
        INDArray[] y = new INDArray[2];
        INDArray[] variance = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            SingleNode node = new SingleNode(new BatchRenorm.Builder().build(), false, x);
            node.masks(mask);
            y[i] = node.forward(true, i == 0 ? x : other);
            node.backward(dy);
            variance[i] = node.get("variance");
        }
        assertClose("y", y[1], y[0]);
        assertClose("variance", variance[1], variance[0]);
    }

    @Test
    void persistence() {
        BatchRenorm layer = new BatchRenorm.Builder()
                .rMax(2)
                .dMax(1)
                .ramp(1, 4)
                .decay(0.7)
                .cumulative(true)
                .unbiased(false)
                .build();
        Persistence.check(layer, new long[] {3, 4, 3, 3});
        assertThat(new BatchRenorm.Builder().build())
                .isNotEqualTo(new BatchRenorm.Builder().rMax(2).build())
                .isNotEqualTo(new BatchRenorm.Builder().dMax(2).build())
                .isNotEqualTo(new BatchRenorm.Builder().ramp(0, 2).build())
                .isNotEqualTo(new BatchRenorm.Builder().decay(0.8).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm.Builder().rMax(0.9))
                .withMessage("rMax: takes a number from 1, received 0.9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm.Builder().dMax(-1))
                .withMessage("dMax: takes a number from 0, received -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchRenorm.Builder().ramp(5, 5))
                .withMessage("ramp: takes 0 <= from < to, received from 5 to 5");
    }
}
