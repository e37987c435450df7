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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ExtendWith(DoublePrecision.class)
class ScaleNormTest {

    @ParameterizedTest
    @ValueSource(strings = {"ff", "rnn", "cnn", "cnn3d"})
    void isPyTorchs(String kind) {
        SingleNode.isPyTorchs(
                Fixture.of("scale_norm_" + kind), new ScaleNorm.Builder().build(), true, List.of("x"), "g");
    }

    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{3, 4}, {0, 0}});
        SingleNode node = new SingleNode(new ScaleNorm.Builder().epsilon(1e-14).build(), false, x);
        double g = Math.sqrt(2);
        assertThat(node.get("g").getDouble(0)).isEqualTo(g);
        assertClose("y", node.forward(true, x), Nd4j.createFromArray(new double[][] {{0.6 * g, 0.8 * g}, {0, 0}}));
    }

    @Test
    void notLearnedItIsL2Normalization() {
        INDArray x = random(1, DataType.DOUBLE, 3, 4, 5);
        SingleNode node = new SingleNode(
                new ScaleNorm.Builder().scale(1).learned(false).epsilon(1e-14).build(), false, x);
        INDArray y = node.forward(true, x);
        assertClose("y", y, x.div(x.norm2(true, 1)));
        assertThat(node.backward(random(2, DataType.DOUBLE, 3, 4, 5)).getFirst().gradientForVariable())
                .isEmpty();
    }

    @Test
    void atFirstItIsRmsNorm() {
        INDArray x = random(1, DataType.DOUBLE, 3, 4, 5);
        SingleNode rms = new SingleNode(new RMSNorm.Builder().epsilon(1e-10 / 4).build(), false, x);
        SingleNode node = new SingleNode(new ScaleNorm.Builder().build(), false, x);
        assertClose("y", node.forward(true, x), rms.forward(true, x));
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new ScaleNorm.Builder().build(),
                new long[][] {{3, 4}},
                new long[][] {{2, 3, 2}},
                new long[][] {{2, 2, 2, 3}},
                new long[][] {{2, 2, 2, 1, 2}});
    }

    @Test
    void persistence() {
        Persistence.check(new ScaleNorm.Builder().build(), new long[] {3, 4, 3, 3});
        ScaleNorm unit =
                new ScaleNorm.Builder().scale(1).learned(false).epsilon(1e-8).build();
        Persistence.check(unit, new long[] {3, 4, 3, 3});
        assertThat(unit)
                .isNotEqualTo(new ScaleNorm.Builder().scale(1).learned(false).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScaleNorm.Builder().scale(-1))
                .withMessage("scale: takes a number greater than 0, received -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScaleNorm.Builder().epsilon(0))
                .withMessage("epsilon: takes a number greater than 0, received 0.0");
    }
}
