package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** The matrix products against ND4J's conv2d and conv2d_bp, where they are taken and where they are not. */
class PointwiseTest {

    @ParameterizedTest
    @CsvSource({
        "1, 5, 3, 2, DOUBLE",
        "1, 5, 3, 2, FLOAT",
        "3, 4, 6, 17, DOUBLE",
        "3, 4, 6, 17, FLOAT",
        "3, 4, 6, 5, DOUBLE",
        "1, 1, 1, 1, DOUBLE"
    })
    void isConv2d(int examples, int in, int out, int size, DataType type) {
        INDArray x = Nd4j.randn(type, examples, in, size, size);
        INDArray weight = Nd4j.randn(type, out, in, 1, 1);
        INDArray dy = Nd4j.randn(type, examples, out, size, size);
        INDArray[] expected = {
            Nd4j.create(type, examples, out, size, size),
            Nd4j.create(type, x.shape()),
            Nd4j.create(type, weight.shape())
        };
        run("conv2d", new INDArray[] {x, weight}, expected[0]);
        run("conv2d_bp", new INDArray[] {x, weight, dy}, expected[1], expected[2]);

        // a result must not depend on what its memory held
        INDArray y = Nd4j.valueArrayOf(expected[0].shape(), 9.0, type);
        INDArray dx = Nd4j.valueArrayOf(x.shape(), 9.0, type);
        INDArray dWeight = Nd4j.valueArrayOf(weight.shape(), 9.0, type);
        Pointwise.forward(x, weight, y);
        Pointwise.backward(x, weight, dy, dx, dWeight);

        double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-4;
        assertThat(y.equalsWithEps(expected[0], tolerance)).as("y").isTrue();
        assertThat(dx.equalsWithEps(expected[1], tolerance)).as("dx").isTrue();
        assertThat(dWeight.equalsWithEps(expected[2], tolerance)).as("dWeight").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 32"})
    void takesViews(int examples, int size) {
        INDArray all = Nd4j.randn(DataType.DOUBLE, 2 * examples, 3, size, size);
        INDArray view = all.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(examples, 2 * examples));
        INDArray weight = Nd4j.randn(DataType.DOUBLE, 2, 3, 1, 1);
        INDArray fromView = Nd4j.create(DataType.DOUBLE, examples, 2, size, size);
        INDArray fromCopy = Nd4j.create(DataType.DOUBLE, examples, 2, size, size);
        Pointwise.forward(view, weight, fromView);
        Pointwise.forward(view.dup('c'), weight, fromCopy);
        assertThat(fromView).isEqualTo(fromCopy);
    }

    private static void run(String name, INDArray[] inputs, INDArray... outputs) {
        DynamicCustomOp op = new DynamicCustomOp(name, inputs, outputs);
        op.addIArgument(1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1);
        Nd4j.exec(op);
    }
}
