package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.Fixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ExtendWith(DoublePrecision.class)
class DynamicTanhTest {

    @ParameterizedTest
    @ValueSource(strings = {"ff", "rnn", "cnn", "cnn3d"})
    void isPyTorchs(String kind) {
        SingleNode.isPyTorchs(
                Fixture.of("dynamic_tanh_" + kind),
                new DynamicTanh.Builder().build(),
                true,
                List.of("x"),
                "alpha",
                "gamma",
                "beta");
    }

    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, -2}});
        SingleNode node = new SingleNode(new DynamicTanh.Builder().build(), false, x);
        assertClose("at first", node.forward(true, x), Nd4j.createFromArray(new double[][] {
            {Math.tanh(0.5), Math.tanh(-1)}
        }));
        node.set("gamma", Nd4j.createFromArray(2.0, 3)).set("beta", Nd4j.createFromArray(5.0, 7));
        assertClose("y", node.forward(true, x), Nd4j.createFromArray(new double[][] {
            {2 * Math.tanh(0.5) + 5, 3 * Math.tanh(-1) + 7}
        }));
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new DynamicTanh.Builder().build(),
                new long[][] {{3, 4}},
                new long[][] {{2, 3, 2}},
                new long[][] {{2, 2, 2, 3}},
                new long[][] {{2, 2, 2, 1, 2}});
    }

    @Test
    void persistence() {
        Persistence.check(new DynamicTanh.Builder().alphaInit(0.8).build(), new long[] {3, 4, 3, 3});
        assertThat(new DynamicTanh.Builder().build())
                .isNotEqualTo(new DynamicTanh.Builder().alphaInit(0.8).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DynamicTanh.Builder().alphaInit(0))
                .withMessage("alphaInit: takes a number greater than 0, received 0.0");
    }
}
