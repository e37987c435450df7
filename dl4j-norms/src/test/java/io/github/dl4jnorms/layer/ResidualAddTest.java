package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.convert.NormSpec;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ExtendWith(DoublePrecision.class)
class ResidualAddTest {

    /** γ = 2 and β = 1 of a branch that is normalized already. */
    @Test
    void byHand() {
        INDArray branch = Nd4j.createFromArray(-1.0, 1).reshape(1, 1, 2, 1);
        INDArray shortcut = Nd4j.createFromArray(-5.0, 10).reshape(1, 1, 2, 1);
        NormLayer norm = new InstanceNorm.Builder().epsilon(1e-14).build();
        double[][] expected = {{0, 13}, {-0.06, 13}, {-6, 13}};
        Activation[] activations = {Activation.RELU, Activation.LEAKYRELU, Activation.IDENTITY};
        for (int i = 0; i < activations.length; i++) {
            ResidualAdd vertex = new ResidualAdd((NormLayer) norm.clone(), activations[i]);
            SingleNode node = new SingleNode(vertex, false, branch, shortcut);
            node.set("gamma", Nd4j.createFromArray(2.0)).set("beta", Nd4j.createFromArray(1.0));
            assertClose(
                    activations[i].name(),
                    node.forward(true, branch, shortcut),
                    Nd4j.createFromArray(expected[i]).reshape(1, 1, 2, 1));
        }
    }

    /** As the norm by itself, then the sum, then the activation, forward and backward, in training and evaluation. */
    @ParameterizedTest
    @ValueSource(strings = {"bn", "frozen_bn", "gn2", "in", "ln", "rms", "none"})
    void isItsThreeSteps(String name) {
        INDArray branch = random(1, DataType.DOUBLE, 3, 4, 5, 3);
        INDArray shortcut = random(2, DataType.DOUBLE, 3, 4, 5, 3);
        INDArray dy = random(3, DataType.DOUBLE, 3, 4, 5, 3);
        for (Activation activation : new Activation[] {Activation.RELU, Activation.TANH}) {
            for (boolean last : new boolean[] {false, true}) {
                SingleNode fused = new SingleNode(new ResidualAdd(norm(name), activation), last, branch, shortcut);
                SingleNode plain = name.equals("none") ? null : new SingleNode(norm(name), last, branch);
                SingleNode sum = new SingleNode(new ResidualAdd(null, activation), last, branch, shortcut);
                for (boolean training : new boolean[] {true, false}) {
                    INDArray normalized = plain == null ? branch : plain.forward(training, branch);
                    assertClose(
                            "y",
                            fused.forward(training, branch, shortcut),
                            sum.forward(training, normalized, shortcut));
                    Pair<Gradient, INDArray[]> actual = fused.backward(dy);
                    INDArray[] back = sum.backward(dy).getSecond();
                    INDArray dbranch =
                            plain == null ? back[0] : plain.backward(back[0]).getSecond()[0];
                    assertClose("dbranch", actual.getSecond()[0], dbranch);
                    assertClose("dshortcut", actual.getSecond()[1], back[1]);
                }
                if (name.equals("bn")) {
                    assertClose("running mean", fused.get("mean"), plain.get("mean"));
                }
            }
        }
    }

    private static NormLayer norm(String name) {
        return NormSpec.parse(name).norm(Activation.IDENTITY, 0.7).orElse(null);
    }

    @Test
    void gradients() {
        for (String name : new String[] {"bn", "gn2", "ln"}) {
            FiniteDifferences.checkLayouts(
                    () -> new ResidualAdd(norm(name)),
                    new long[][] {{3, 4, 3}, {3, 4, 3}},
                    new long[][] {{3, 4, 2, 2}, {3, 4, 2, 2}},
                    new long[][] {{3, 4, 2, 1, 2}, {3, 4, 2, 1, 2}});
        }
    }

    @Test
    void isSavedAndLoaded() {
        Persistence.check(new ResidualAdd(), new long[] {3, 4, 3, 3}, new long[] {3, 4, 3, 3});
        Persistence.check(
                new ResidualAdd(new BatchNorm.Builder().decay(0.7).build(), Activation.LEAKYRELU),
                new long[] {3, 4, 3, 3},
                new long[] {3, 4, 3, 3});
    }

    @Test
    void takesTwoOfOneShape() {
        InputType a = InputType.convolutional(4, 4, 8);
        InputType b = InputType.convolutional(4, 4, 4);
        assertThat(new ResidualAdd().getOutputType(0, a, a)).isEqualTo(a);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResidualAdd().getOutputType(0, a, b))
                .withMessageStartingWith("inputs: takes two of one shape, received ");
    }

    @Test
    void refusesAnUnknownActivation() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResidualAdd(null, Activation.SOFTMAX))
                .withMessageStartingWith("activation: takes one of ");
    }
}
