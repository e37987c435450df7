package io.github.dl4jnorms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.op.ComposedForm;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the norms say of wrong arguments, in both forms. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class NormsArgumentsTest {

    @Parameter
    boolean composed;

    private ComposedForm form;
    private final INDArray x = Nd4j.ones(DataType.FLOAT, 2, 6, 3);
    private final INDArray six = Nd4j.ones(DataType.FLOAT, 6);
    private final INDArray five = Nd4j.ones(DataType.FLOAT, 5);

    @BeforeEach
    void choose() {
        form = ComposedForm.use(composed);
    }

    @AfterEach
    void restore() {
        form.close();
    }

    @Test
    void groups() {
        for (int groups : new int[] {4, 0, -1, 7}) {
            refused(
                    () -> Norms.groupNorm(x, groups, null, null, 1e-5),
                    "groups: takes a divisor of the 6 channels, received " + groups);
        }
    }

    @Test
    void rank() {
        refused(() -> Norms.groupNorm(five, 1, null, null, 1e-5), "x: takes", "rank 2 or more", "[5]");
        refused(() -> Norms.batchStatistics(five), "x: takes", "rank 2 or more", "[5]");
        refused(() -> Norms.batchNorm(five, five, five, null, null, 1e-5), "x: takes", "rank 2 or more", "[5]");
        refused(() -> Norms.instanceNorm(Nd4j.ones(2, 6), null, null, 1e-5), "x: ", "rank 3 or more", "[2, 6]");
    }

    @Test
    void lengths() {
        refused(
                () -> Norms.groupNorm(x, 2, five, null, 1e-5),
                "gamma: takes one number per channel, shape [6] for x of shape [2, 6, 3], received shape [5]");
        refused(() -> Norms.instanceNorm(x, null, five, 1e-5), "beta: takes", "[6]", "received shape [5]");
        refused(() -> Norms.batchNorm(x, five, six, null, null, 1e-5), "mean: takes", "[6]", "received shape [5]");
        refused(() -> Norms.batchNorm(x, six, five, null, null, 1e-5), "variance: takes", "[6]", "received shape [5]");
        refused(() -> Norms.batchNorm(x, six, six, six.reshape(1, 6), null, 1e-5), "gamma: takes", "shape [1, 6]");
    }

    @Test
    void axis() {
        for (int axis : new int[] {3, -4}) {
            String[] parts = {"axis: takes a dimension of x, from -3 to 2 for shape [2, 6, 3], received " + axis};
            refused(() -> Norms.layerNorm(x, axis, null, null, 1e-5), parts);
            refused(() -> Norms.rmsNorm(x, axis, null, 1e-6), parts);
        }
        INDArray scalar = Nd4j.scalar(1f);
        refused(() -> Norms.layerNorm(scalar, 0, null, null, 1e-5), "x: takes rank 1 or more, received a scalar");
        refused(() -> Norms.rmsNorm(scalar, -1, null, 1e-5), "x: takes rank 1 or more, received a scalar");
        assertThat(Norms.rmsNorm(six, -1, null, 0)).isEqualTo(six);
    }

    @Test
    void shapesOfRowParameters() {
        refused(
                () -> Norms.layerNorm(x, 1, six, null, 1e-5),
                "gamma: takes the shape of the dimensions that are normalized over, [6, 3] for x of shape [2, 6, 3],"
                        + " received shape [6]");
        refused(() -> Norms.layerNorm(x, -1, null, six, 1e-5), "beta: takes", "[3]", "received shape [6]");
        refused(() -> Norms.rmsNorm(x, 0, six, 1e-5), "gamma: takes", "[2, 6, 3]", "received shape [6]");
        refused(
                () -> Norms.rmsNorm(x, -1, Nd4j.ones(DataType.DOUBLE, 3), 1e-5),
                "gamma: takes type FLOAT, as x has type FLOAT, received DOUBLE");
        refused(() -> Norms.layerNorm(null, 1, null, null, 1e-5), "x: takes an array, received null");
        refused(() -> Norms.layerNorm(x, 1, null, null, 1e-5, null), "out: takes an array, received null");
        refused(
                () -> Norms.rmsNorm(Nd4j.empty(DataType.FLOAT), -1, null, 1e-5),
                "x: takes at least one value, received");
    }

    @Test
    void style() {
        refused(
                () -> Norms.adaIn(x, Nd4j.ones(DataType.FLOAT, 2, 5, 4), 1e-5),
                "style: takes the content's examples, channels and type, [2, 6, …] FLOAT, received [2, 5, 4] FLOAT");
        refused(() -> Norms.adaIn(x, Nd4j.ones(DataType.DOUBLE, 2, 6, 4), 1e-5), "style: takes", "[2, 6, 4] DOUBLE");
        refused(() -> Norms.adaIn(Nd4j.ones(2, 6), x, 1e-5), "content: ", "rank 3 or more", "[2, 6]");
        refused(() -> Norms.adaIn(x, six, 1e-5), "style: ", "rank 3 or more", "[6]");
        refused(() -> Norms.adaIn(x, x, -1), "epsilon: takes a number from 0, received -1.0");
    }

    @Test
    void types() {
        INDArray doubles = six.castTo(DataType.DOUBLE);
        refused(
                () -> Norms.groupNorm(x, 2, doubles, null, 1e-5),
                "gamma: takes type FLOAT, as x has type FLOAT, received DOUBLE");
        refused(
                () -> Norms.batchNorm(x.castTo(DataType.FLOAT16), doubles, six, null, null, 1e-5),
                "mean: takes type HALF or FLOAT, as x has type HALF, received DOUBLE");
        refused(
                () -> Norms.groupNorm(x.castTo(DataType.INT32), 2, null, null, 1e-5),
                "x: takes a floating-point type, received INT");
        refused(() -> Norms.batchStatistics(x.castTo(DataType.INT64)), "x: takes a floating-point type, received LONG");
    }

    @Test
    void epsilon() {
        refused(() -> Norms.groupNorm(x, 2, null, null, -1), "epsilon: takes a number from 0, received -1.0");
        refused(() -> Norms.instanceNorm(x, null, null, Double.NaN), "epsilon: takes a number from 0, received NaN");
        refused(() -> Norms.batchNorm(x, six, six, null, null, -1), "epsilon: takes a number from 0, received -1.0");
    }

    @Test
    void out() {
        refused(
                () -> Norms.groupNorm(x, 2, null, null, 1e-5, Nd4j.ones(DataType.FLOAT, 2, 3, 6)),
                "out: takes x's shape [2, 6, 3] and type FLOAT, received [2, 3, 6] and FLOAT");
        refused(
                () -> Norms.batchNorm(x, six, six, null, null, 1e-5, x.castTo(DataType.DOUBLE)),
                "out: takes",
                "type FLOAT",
                "DOUBLE");
        refused(() -> Norms.instanceNorm(x, null, null, 1e-5, null), "out: takes an array, received null");
    }

    @Test
    void missingArrays() {
        refused(() -> Norms.groupNorm(null, 2, null, null, 1e-5), "x: takes an array, received null");
        refused(() -> Norms.instanceNorm(null, null, null, 1e-5), "x: takes an array, received null");
        refused(() -> Norms.batchStatistics(null), "x: takes an array, received null");
        refused(() -> Norms.batchNorm(x, null, six, null, null, 1e-5), "mean: takes an array, received null");
        refused(() -> Norms.batchNorm(x, six, null, null, null, 1e-5), "variance: takes an array, received null");
    }

    @Test
    void anEmptyBatch() {
        INDArray empty = Nd4j.create(DataType.FLOAT, 0, 6, 3);
        refused(() -> Norms.groupNorm(empty, 2, null, null, 1e-5), "x: takes at least one value", "[0, 6, 3]");
        refused(() -> Norms.batchStatistics(empty), "x: takes at least one value", "[0, 6, 3]");
        refused(() -> Norms.batchNorm(empty, six, six, null, null, 1e-5), "x: takes at least one value", "[0, 6, 3]");
    }

    @Test
    void groupsOfAGraphAreAtLeastOne() {
        SameDiff sd = SameDiff.create();
        SDVariable input = sd.placeHolder("x", DataType.FLOAT, -1, 6, 3);
        refused(
                () -> SDNorms.groupNorm(sd, input, 0, null, null, 1e-5),
                "groups: takes a number greater than 0, received 0");
    }

    @Test
    void aRefusalLeavesOutAlone() {
        INDArray out = Nd4j.valueArrayOf(new long[] {2, 6, 3}, 7, DataType.FLOAT);
        refused(() -> Norms.groupNorm(x, 4, null, null, 1e-5, out), "groups");
        assertThat(out).isEqualTo(Nd4j.valueArrayOf(new long[] {2, 6, 3}, 7, DataType.FLOAT));
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }
}
