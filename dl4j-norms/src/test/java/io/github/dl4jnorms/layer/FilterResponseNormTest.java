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
import org.nd4j.linalg.ops.transforms.Transforms;

@ExtendWith(DoublePrecision.class)
class FilterResponseNormTest {

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "cnn", "cnn3d"})
    void isPyTorchs(String kind) {
        Fixture torch = Fixture.of("filter_response_norm_" + kind);
        for (boolean training : new boolean[] {true, false}) {
            SingleNode.isPyTorchs(
                    torch, new FilterResponseNorm.Builder().build(), training, List.of("x"), "gamma", "beta", "tau");
        }
    }

    /** x / √(mean of x²): of 3 and 4, √12.5. */
    @Test
    void byHand() {
        INDArray x = Nd4j.createFromArray(3.0, 4, -3, -4).reshape(1, 2, 2);
        SingleNode node =
                new SingleNode(new FilterResponseNorm.Builder().epsilon(1e-14).build(), false, x);
        node.set("tau", Nd4j.createFromArray(0.9, -1));
        double r = Math.sqrt(12.5);
        assertClose(
                "y",
                node.forward(true, x),
                Nd4j.createFromArray(0.9, 4 / r, -3 / r, -1).reshape(1, 2, 2));
    }

    /** In ND4J's own operations. */
    @Test
    void withoutThresholdAnActivationFollows() {
        INDArray x = random(1, DataType.DOUBLE, 2, 3, 4, 4);
        SingleNode node = new SingleNode(
                new FilterResponseNorm.Builder()
                        .threshold(false)
                        .activation(Activation.RELU)
                        .build(),
                false,
                x);
        INDArray square = x.mul(x).mean(true, 2, 3);
        INDArray expected = Transforms.relu(x.div(Transforms.sqrt(square.add(1e-6))));
        assertClose("y", node.forward(true, x), expected);
    }

    @Test
    void gradients() {
        FiniteDifferences.checkLayouts(
                () -> new FilterResponseNorm.Builder().build(),
                new long[][] {{2, 3, 4}},
                new long[][] {{2, 2, 2, 3}},
                new long[][] {{2, 2, 2, 1, 2}});
        FiniteDifferences.checkLayouts(
                () -> new FilterResponseNorm.Builder().affine(false).build(), new long[][] {{2, 2, 2, 3}});
    }

    @Test
    void paddingIsNotSeen() {
        INDArray x = random(1, DataType.DOUBLE, 2, 3, 5);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0, 0}, {1, 1, 1, 0, 0}});
        for (boolean last : new boolean[] {false, true}) {
            SingleNode node = new SingleNode(new FilterResponseNorm.Builder().build(), last, x);
            node.set("tau", Nd4j.createFromArray(0.5, 0.2, -0.3));
            INDArray real = x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 3));
            INDArray expected = node.forward(true, real.dup());
            node.masks(mask);
            INDArray y = node.forward(true, x);
            assertClose("y", y.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 3)), expected);
            assertThat(y.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(3, 5))
                            .maxNumber()
                            .doubleValue())
                    .isZero();
        }
        FiniteDifferences.check(new FilterResponseNorm.Builder().build(), false, mask, new long[] {2, 3, 5});
    }

    @Test
    void persistence() {
        Persistence.check(
                new FilterResponseNorm.Builder()
                        .threshold(false)
                        .epsilon(1e-3)
                        .activation(Activation.TANH)
                        .build(),
                new long[] {3, 4, 3, 3});
        Persistence.check(new FilterResponseNorm.Builder().build(), new long[] {3, 4, 3, 3});
        assertThat(new FilterResponseNorm.Builder().build())
                .isNotEqualTo(new FilterResponseNorm.Builder().threshold(false).build());
    }

    @Test
    void arguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FilterResponseNorm.Builder()
                        .activation(Activation.RELU)
                        .build())
                .withMessageContaining("activation: FilterResponseNorm takes one instead of its threshold")
                .withMessageContaining("received RELU");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SingleNode(
                        new FilterResponseNorm.Builder().build(), false, Nd4j.ones(DataType.DOUBLE, 2, 3)))
                .withMessageContaining("inputType: FilterResponseNorm takes recurrent");
    }
}
