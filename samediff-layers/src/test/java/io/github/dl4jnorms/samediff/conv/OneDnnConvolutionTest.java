package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** oneDNN's primitives as we call them against ND4J's conv2d and conv2d_bp in double precision. */
class OneDnnConvolutionTest {

    @BeforeEach
    void oneDnnIsThere() {
        assumeThat(OneDnn.available()).as("oneDNN on this platform").isTrue();
    }

    /** The last four take each of the two layouts, forward and backward. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 1, false",
        "2, 3, 5, 7, 3, 1, 2, true",
        "2, 3, 8, 9, 3, 2, 1, true",
        "3, 17, 5, 10, 1, 0, 3, false",
        "2, 16, 32, 8, 3, 1, 1, true",
        "2, 16, 32, 8, 3, 1, 2, false",
        "2, 32, 16, 24, 3, 1, 1, false",
        "2, 3, 64, 32, 7, 3, 2, false"
    })
    void isConv2d(int n, int in, int out, int size, int kernel, int padding, int stride, boolean bias) {
        int outSize = (size + 2 * padding - kernel) / stride + 1;
        INDArray x = Nd4j.randn(DataType.FLOAT, n, in, size, size);
        INDArray w = Nd4j.randn(DataType.FLOAT, out, in, kernel, kernel);
        INDArray b = bias ? Nd4j.randn(DataType.FLOAT, out) : null;
        INDArray dy = Nd4j.randn(DataType.FLOAT, n, out, outSize, outSize);
        OneDnnConvolution.Geometry geometry = new OneDnnConvolution.Geometry(
                List.of((long) n, (long) in, (long) size, (long) size),
                List.of((long) out, (long) in, (long) kernel, (long) kernel),
                List.of((long) n, (long) out, (long) outSize, (long) outSize),
                bias,
                List.of((long) stride, (long) stride),
                List.of((long) padding, (long) padding),
                List.of(1L, 1L),
                false);

        INDArray y = garbage(dy);
        INDArray dx = garbage(x);
        INDArray dw = garbage(w);
        INDArray db = bias ? garbage(b) : null;
        OneDnnConvolution.forward(geometry, x, w, b, y);
        OneDnnConvolution.backward(geometry, x, w, dy, dx, dw, db);

        INDArray[] expected = conv2d(x, w, b, dy, stride, padding, kernel);
        assertClose(y, expected[0]);
        assertClose(dx, expected[1]);
        assertClose(dw, expected[2]);
        if (bias) {
            assertClose(db, expected[3]);
        }

        INDArray dwAlone = garbage(w);
        OneDnnConvolution.backward(geometry, x, w, dy, null, dwAlone, bias ? garbage(b) : null);
        assertThat(dwAlone).isEqualTo(dw);
    }

    @Test
    void takesViewsOfAnyStride() {
        OneDnnConvolution.Geometry geometry = new OneDnnConvolution.Geometry(
                List.of(2L, 3L, 4L, 5L),
                List.of(6L, 3L, 1L, 1L),
                List.of(2L, 6L, 4L, 5L),
                false,
                List.of(1L, 1L),
                List.of(0L, 0L),
                List.of(1L, 1L),
                false);
        INDArray x = Nd4j.randn(DataType.FLOAT, 5, 4, 3, 2).permute(3, 2, 1, 0);
        INDArray w = Nd4j.randn(DataType.FLOAT, 6, 3, 1, 1);
        INDArray y = Nd4j.create(DataType.FLOAT, 2, 6, 4, 5);
        INDArray intoView = Nd4j.create(DataType.FLOAT, new long[] {2, 6, 4, 5}, 'f');
        OneDnnConvolution.forward(geometry, x.dup('c'), w, null, y);
        OneDnnConvolution.forward(geometry, x, w, null, intoView);
        assertThat(intoView).isEqualTo(y);
    }

    /** oneDNN's own working memory belongs to the thread that made the primitive: on another one the process died. */
    @ParameterizedTest
    @CsvSource({"5, 1, 1", "20, 3, 2", "33, 3, 1"})
    void primitivesMadeByOneThreadRunOnAnother(int out, int kernel, int stride) throws InterruptedException {
        int size = 9;
        int outSize = (size - kernel) / stride + 1;
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 19, size, size);
        INDArray w = Nd4j.randn(DataType.FLOAT, out, 19, kernel, kernel);
        INDArray b = Nd4j.randn(DataType.FLOAT, out);
        INDArray dy = Nd4j.randn(DataType.FLOAT, 3, out, outSize, outSize);
        OneDnnConvolution.Geometry geometry = new OneDnnConvolution.Geometry(
                List.of(3L, 19L, (long) size, (long) size),
                List.of((long) out, 19L, (long) kernel, (long) kernel),
                List.of(3L, (long) out, (long) outSize, (long) outSize),
                true,
                List.of((long) stride, (long) stride),
                List.of(0L, 0L),
                List.of(1L, 1L),
                false);
        List<INDArray[]> results = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            INDArray[] result = {garbage(dy), garbage(x), garbage(w), garbage(b)};
            Thread thread = new Thread(() -> {
                OneDnnConvolution.forward(geometry, x, w, b, result[0]);
                OneDnnConvolution.backward(geometry, x, w, dy, result[1], result[2], result[3]);
            });
            thread.start();
            thread.join();
            results.add(result);
        }
        assertThat(results.get(1)).containsExactly(results.get(0));
    }

    private static INDArray garbage(INDArray like) {
        return Nd4j.valueArrayOf(like.shape(), 9.0, DataType.FLOAT);
    }

    private static INDArray[] conv2d(
            INDArray x, INDArray w, INDArray b, INDArray dy, int stride, int padding, int kernel) {
        INDArray[] in = {x.castTo(DataType.DOUBLE), w.castTo(DataType.DOUBLE)};
        INDArray[] results = {dy.castTo(DataType.DOUBLE), in[0].dup(), in[1].dup()};
        run("conv2d", in, new INDArray[] {results[0]}, stride, padding, kernel);
        run(
                "conv2d_bp",
                new INDArray[] {in[0], in[1], dy.castTo(DataType.DOUBLE)},
                new INDArray[] {results[1], results[2]},
                stride,
                padding,
                kernel);
        if (b == null) {
            return results;
        }
        results[0].addi(b.castTo(DataType.DOUBLE).reshape(1, b.length(), 1, 1));
        return new INDArray[] {
            results[0], results[1], results[2], dy.castTo(DataType.DOUBLE).sum(0, 2, 3)
        };
    }

    private static void run(String name, INDArray[] in, INDArray[] out, int stride, int padding, int kernel) {
        DynamicCustomOp op = new DynamicCustomOp(name, in, out);
        op.addIArgument(kernel, kernel, stride, stride, padding, padding, 1, 1, 0, 0, 1);
        Nd4j.exec(op);
    }

    private static void assertClose(INDArray received, INDArray expected) {
        double error =
                received.castTo(DataType.DOUBLE).sub(expected).norm2Number().doubleValue();
        assertThat(error).isLessThan(1e-5 * (1 + expected.norm2Number().doubleValue()));
    }
}
