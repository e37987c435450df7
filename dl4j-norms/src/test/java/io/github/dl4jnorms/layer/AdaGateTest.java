package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.Fixture;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ExtendWith(DoublePrecision.class)
class AdaGateTest {

    private static final List<String> INPUTS = List.of("x", "branch", "condition");

    @ParameterizedTest
    @ValueSource(strings = {"ff", "rnn", "cnn", "cnn3d"})
    void isItsFormulaInPyTorch(String kind) {
        SingleNode.isPyTorchs(Fixture.of("ada_gate_" + kind), new AdaGate.Builder().build(), true, INPUTS, "W", "b");
    }

    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 3}, {5, 7}});
        INDArray branch = Nd4j.createFromArray(new double[][] {{10, 20}, {30, 40}});
        INDArray condition = Nd4j.createFromArray(new double[][] {{1}, {2}});
        SingleNode node = new SingleNode(
                new AdaGate.Builder().conditionActivation(Activation.IDENTITY).build(), false, x, branch, condition);
        node.set("W", Nd4j.createFromArray(new double[][] {{2, 3}})).set("b", Nd4j.createFromArray(0.0, 1));
        assertClose("y", node.forward(true, x, branch, condition), Nd4j.createFromArray(new double[][] {
            {21, 83}, {125, 287}
        }));
    }

    @Test
    void atFirstTheBlockIsTheIdentity() {
        INDArray x = random(1, DataType.DOUBLE, 2, 3, 4);
        INDArray branch = random(2, DataType.DOUBLE, 2, 3, 4);
        INDArray condition = random(3, DataType.DOUBLE, 2, 5);
        SingleNode node = new SingleNode(new AdaGate.Builder().build(), false, x, branch, condition);
        assertClose("y", node.forward(true, x, branch, condition), x);
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new AdaGate.Builder().build(),
                new long[][] {{3, 4}, {3, 4}, {3, 2}},
                new long[][] {{2, 3, 2}, {2, 3, 2}, {2, 2}},
                new long[][] {{2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2}});
    }

    @Test
    void persistence() {
        Persistence.check(
                new AdaGate.Builder().zero(false).build(), new long[] {3, 4, 5}, new long[] {3, 4, 5}, new long[] {3, 2
                });
    }

    @Test
    void arguments() {
        InputType x = InputType.recurrent(4, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new AdaGate().getOutputType(0, x, InputType.recurrent(5, 3), InputType.feedForward(2)))
                .withMessageContaining("branch: AdaGate takes x's shape");
    }
}
