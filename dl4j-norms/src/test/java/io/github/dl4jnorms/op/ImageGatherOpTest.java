package io.github.dl4jnorms.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImageGatherOpTest {

    private static INDArray rows(float[]... rows) {
        return Nd4j.createFromArray(rows).reshape(1, 1, rows.length, rows[0].length);
    }

    private static float[] row(float... values) {
        return values;
    }

    @Test
    void reflectionDoesNotRepeatTheEdge() {
        SameDiff sd = graph(false, 1, 2);
        INDArray x = rows(row(1, 2, 3), row(4, 5, 6));
        assertThat(sd.outputSingle(Map.of("x", x), "y"))
                .isEqualTo(rows(
                        row(6, 5, 4, 5, 6, 5, 4),
                        row(3, 2, 1, 2, 3, 2, 1),
                        row(6, 5, 4, 5, 6, 5, 4),
                        row(3, 2, 1, 2, 3, 2, 1)));
    }

    /** The gradient of a sum counts the copies. */
    @Test
    void aPixelsGradientIsTheSumOfItsCopies() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.var("x", rows(row(1, 2, 3), row(4, 5, 6)));
        ImageGatherOp.reflectionPad(sd, x, new int[] {1, 2}, false).sum().markAsLoss();
        assertThat(sd.calculateGradients(Map.of(), "x").get("x")).isEqualTo(rows(row(4, 6, 4), row(4, 6, 4)));
    }

    /** Read through permuted strides, in memory channels first. */
    @Test
    void channelsMayBeLastAndStridesAny() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5);
        INDArray first = graph(false, 1, 2).outputSingle(Map.of("x", x), "y");
        INDArray last = graph(true, 1, 2).outputSingle(Map.of("x", x.permute(0, 2, 3, 1)), "y");
        assertThat(last.permute(0, 3, 1, 2).dup('c')).isEqualTo(first);
    }

    @Test
    void aSavedGraphIsLoaded() throws Exception {
        SameDiff copy = SameDiff.fromFlatBuffers(graph(false, 1, 1).asFlatBuffers(false));
        assertThat(copy.outputSingle(Map.of("x", rows(row(1, 2), row(3, 4))), "y"))
                .isEqualTo(rows(row(4, 3, 4, 3), row(2, 1, 2, 1), row(4, 3, 4, 3), row(2, 1, 2, 1)));
    }

    private static SameDiff graph(boolean channelsLast, int... padding) {
        assertThat(Fused.available()).isTrue();
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, -1, -1, -1, -1);
        ImageGatherOp.reflectionPad(sd, x, padding, channelsLast).rename("y");
        return sd;
    }

    @Test
    void paddingAfterOnly() {
        INDArray y = Nd4j.create(DataType.FLOAT, 1, 1, 3, 3);
        ImageGatherOp.reflectionPadAfter(1, 0).execute(List.of(rows(row(1, 2, 3), row(4, 5, 6))), List.of(y));
        assertThat(y).isEqualTo(rows(row(1, 2, 3), row(4, 5, 6), row(1, 2, 3)));
    }

    @Test
    void refusesWhatItCannotDo() {
        ImageGatherOp op = ImageGatherOp.reflectionPadAfter(2, 1);
        assertThatThrownBy(() -> op.check(List.of(Nd4j.ones(DataType.FLOAT, 1, 3, 2, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("padding: reflection takes less than the image's size 2, received 2");
        assertThatThrownBy(() -> op.check(List.of(Nd4j.ones(DataType.DOUBLE, 1, 3, 5, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x: takes FLOAT images of rank 4, received [1, 3, 5, 5] DOUBLE");
        assertThatThrownBy(() -> op.check(List.of(Nd4j.ones(DataType.FLOAT, 3, 5, 5))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
