package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.Fixture;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@ExtendWith(DoublePrecision.class)
class AdaINTest {

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "cnn", "cnn3d"})
    void isItsFormulaInPyTorch(String kind) {
        SingleNode.isPyTorchs(
                Fixture.of("ada_in_blend_" + kind),
                new AdaIN.Builder().alpha(0.7).build(),
                true,
                List.of("content", "style"));
    }

    /** Content of mean 2 and deviation 1, style of mean 10 and deviation 4. */
    @Test
    void byHand() {
        INDArray content = Nd4j.createFromArray(1.0, 3).reshape(1, 1, 2, 1);
        INDArray style = Nd4j.createFromArray(6.0, 14, 14, 6).reshape(1, 1, 2, 2);
        double[][] expected = {{6, 14}, {3.5, 8.5}, {1, 3}};
        double[] alphas = {1, 0.5, 0};
        for (int i = 0; i < alphas.length; i++) {
            AdaIN vertex = new AdaIN.Builder().alpha(alphas[i]).epsilon(1e-14).build();
            SingleNode node = new SingleNode(vertex, false, content, style);
            assertClose(
                    "alpha " + alphas[i],
                    node.forward(true, content, style),
                    Nd4j.createFromArray(expected[i]).reshape(1, 1, 2, 1));
        }
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new AdaIN.Builder().alpha(0.6).build(),
                new long[][] {{2, 2, 3}, {2, 2, 4}},
                new long[][] {{2, 2, 2, 2}, {2, 2, 1, 3}},
                new long[][] {{2, 2, 2, 1, 2}, {2, 2, 1, 3, 1}});
    }

    @Test
    void paddingIsNotSeen() {
        INDArray content = random(1, DataType.DOUBLE, 2, 3, 5);
        INDArray style = random(2, DataType.DOUBLE, 2, 3, 4);
        INDArray contentMask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0, 0}, {1, 1, 1, 0, 0}});
        INDArray styleMask = Nd4j.createFromArray(new double[][] {{1, 1, 0, 0}, {1, 1, 0, 0}});
        for (boolean last : new boolean[] {false, true}) {
            SingleNode node = new SingleNode(new AdaIN.Builder().alpha(0.7).build(), last, content, style);
            INDArray expected = node.forward(
                    true, steps(content, 0, 3).dup(), steps(style, 0, 2).dup());
            node.masks(contentMask, styleMask);
            INDArray y = node.forward(true, content, style);
            assertClose("y", steps(y, 0, 3), expected);
            assertThat(steps(y, 3, 5).norm1Number().doubleValue()).isZero();
        }
        FiniteDifferences.check(
                new AdaIN.Builder().alpha(0.7).build(), false, contentMask, new long[] {2, 3, 5}, new long[] {2, 3, 4});
    }

    private static INDArray steps(INDArray x, int from, int to) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    @Test
    void persistence() {
        AdaIN vertex = new AdaIN.Builder().alpha(0.7).epsilon(1e-3).build();
        Persistence.check(vertex, new long[] {3, 4, 3, 3}, new long[] {3, 4, 2, 2});
        assertThat(new AdaIN.Builder().build())
                .isNotEqualTo(new AdaIN.Builder().alpha(0.7).build())
                .isNotEqualTo(new AdaIN.Builder().epsilon(1e-3).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaIN.Builder().alpha(1.5))
                .withMessage("alpha: takes a number from 0 to 1, received 1.5");
        InputType content = InputType.convolutional(4, 4, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaIN().getOutputType(0, content, InputType.convolutional(4, 4, 2)))
                .withMessageContaining("style: AdaIN takes as many channels as the content");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new AdaIN().getOutputType(0, content, InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC)))
                .withMessageContaining("in its layout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaIN().getOutputType(0, content, InputType.feedForward(3)))
                .withMessageContaining("inputType: AdaIN takes recurrent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdaIN().getOutputType(0, content))
                .withMessageContaining("inputs: AdaIN takes [content, style], received [");
    }
}
