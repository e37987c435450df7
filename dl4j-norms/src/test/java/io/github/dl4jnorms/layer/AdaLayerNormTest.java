package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
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
class AdaLayerNormTest {

    @ParameterizedTest
    @ValueSource(strings = {"ff", "rnn", "cnn", "cnn3d"})
    void isItsFormulaInPyTorch(String kind) {
        SingleNode.isPyTorchs(
                Fixture.of("ada_layer_norm_" + kind),
                new AdaLayerNorm.Builder().build(),
                true,
                List.of("x", "condition"),
                "W",
                "b");
    }

    /** [1, 3] becomes [−1, 1]; the shifts are 2c and 3c, the scales 1 + 4c and 1 + 5c. */
    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 3}, {1, 3}});
        INDArray condition = Nd4j.createFromArray(new double[][] {{1}, {2}});
        SingleNode node = new SingleNode(
                new AdaLayerNorm.Builder()
                        .conditionActivation(Activation.IDENTITY)
                        .epsilon(1e-14)
                        .build(),
                false,
                x,
                condition);
        node.set("W", Nd4j.createFromArray(new double[][] {{2, 3, 4, 5}}));
        assertClose("y", node.forward(true, x, condition), Nd4j.createFromArray(new double[][] {
            {2 - 5, 3 + 6}, {4 - 9, 6 + 11}
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void atFirstItIsThePlainNorm(boolean rms) {
        INDArray x = random(1, DataType.DOUBLE, 3, 4, 5);
        INDArray condition = random(2, DataType.DOUBLE, 3, 2);
        SingleNode ada = new SingleNode(new AdaLayerNorm.Builder().rms(rms).build(), false, x, condition);
        SingleNode plain = new SingleNode(
                rms
                        ? new RMSNorm.Builder().affine(false).build()
                        : new LayerNorm.Builder().epsilon(1e-6).affine(false).build(),
                false,
                x);
        assertClose("y", ada.forward(true, x, condition), plain.forward(true, x));
        INDArray dy = random(3, DataType.DOUBLE, 3, 4, 5);
        assertClose("dx", ada.backward(dy).getSecond()[0], plain.backward(dy).getSecond()[0]);
    }

    @Test
    void notZeroItStartsByXavierAndTheSeed() {
        INDArray x = random(1, DataType.DOUBLE, 3, 40);
        INDArray condition = random(2, DataType.DOUBLE, 3, 20);
        INDArray[] w = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            w[i] = new SingleNode(new AdaLayerNorm.Builder().zero(false).build(), false, x, condition).get("W");
        }
        assertThat(w[0]).isEqualTo(w[1]);
        assertThat(w[0].stdNumber().doubleValue()).isBetween(0.9 * Math.sqrt(0.02), 1.1 * Math.sqrt(0.02));
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new AdaLayerNorm.Builder().zero(false).build(),
                new long[][] {{3, 4}, {3, 2}},
                new long[][] {{2, 3, 2}, {2, 2}},
                new long[][] {{2, 3, 2, 2}, {2, 2}},
                new long[][] {{2, 3, 2, 1, 2}, {2, 2}});
        FiniteDifferences.checkLayouts(
                () -> new AdaLayerNorm.Builder().rms(true).build(), new long[][] {{2, 3, 2}, {2, 2}});
    }

    /** Time steps do not see each other, so that padding does no harm. */
    @Test
    void gradientsOfMaskedSequences() {
        FiniteDifferences.check(
                new AdaLayerNorm.Builder().zero(false).build(),
                false,
                Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}}),
                new long[] {2, 3, 3},
                new long[] {2, 2});
    }

    @Test
    void persistence() {
        AdaLayerNorm vertex = new AdaLayerNorm.Builder()
                .zero(false)
                .rms(true)
                .epsilon(1e-3)
                .conditionActivation(Activation.TANH)
                .build();
        Persistence.check(vertex, new long[] {3, 4, 3, 3}, new long[] {3, 2});
        assertThat(new AdaLayerNorm.Builder().build())
                .isNotEqualTo(new AdaLayerNorm.Builder().rms(true).build())
                .isNotEqualTo(new AdaLayerNorm.Builder().zero(false).build())
                .isNotEqualTo(new AdaLayerNorm.Builder().epsilon(1e-3).build())
                .isNotEqualTo(new AdaLayerNorm.Builder()
                        .conditionActivation(Activation.TANH)
                        .build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaLayerNorm.Builder().epsilon(0))
                .withMessage("epsilon: takes a number greater than 0, received 0.0");
        InputType x = InputType.recurrent(4, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaLayerNorm().getOutputType(0, x, x))
                .withMessageContaining("condition: AdaLayerNorm takes feed-forward input, received");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaLayerNorm().getOutputType(0, x))
                .withMessageContaining("inputs: AdaLayerNorm takes [x, condition], received [");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaLayerNorm().getVertexParams())
                .withMessageContaining("size: AdaLayerNorm takes the number of channels")
                .withMessageContaining("setInputTypes");
    }
}
