package io.github.dl4jnorms.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AddReluOpTest {

    /** The last length takes many pieces of a tile, and more than one thread. */
    @ParameterizedTest
    @CsvSource({"1, FLOAT", "7, DOUBLE", "8193, FLOAT", "100001, DOUBLE"})
    void valueAndGradientAreThoseOfAddAndRelu(int length, DataType type) {
        INDArray a = Nd4j.randn(type, 3, length).transpose();
        INDArray b = Nd4j.randn(type, length, 3);
        INDArray weight = Nd4j.randn(type, length, 3);
        Map<String, INDArray> fused = gradients(true, a, b, weight);
        Map<String, INDArray> composed = gradients(false, a, b, weight);
        assertThat(fused.get("a")).isEqualTo(composed.get("a"));
        assertThat(fused.get("b")).isEqualTo(composed.get("b"));
        assertThat(fused.get("y")).isEqualTo(composed.get("y"));
    }

    private static Map<String, INDArray> gradients(boolean fused, INDArray a, INDArray b, INDArray weight) {
        assertThat(Fused.available()).isTrue();
        SameDiff sd = SameDiff.create();
        SDVariable va = sd.var("a", a);
        SDVariable vb = sd.var("b", b);
        SDVariable y = fused ? new AddReluOp(sd, va, vb).outputVariable() : sd.nn.relu(va.add(vb), 0);
        y = y.rename("y");
        y.mul(sd.constant(weight)).sum().markAsLoss();
        Map<String, INDArray> gradients = sd.calculateGradients(Map.of(), "a", "b");
        return Map.of("a", gradients.get("a"), "b", gradients.get("b"), "y", sd.outputSingle(Map.of(), "y"));
    }

    @Test
    void aNanStaysOne() {
        INDArray y = Nd4j.create(DataType.FLOAT, 2);
        new AddReluOp()
                .execute(List.of(Nd4j.createFromArray(Float.NaN, -1f), Nd4j.createFromArray(1f, -1f)), List.of(y));
        assertThat(y.getFloat(0)).isNaN();
        assertThat(y.getFloat(1)).isZero();
    }

    @Test
    void refusesOtherShapes() {
        assertThatThrownBy(() -> new AddReluOp().check(List.of(Nd4j.ones(2, 3), Nd4j.ones(3, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b: takes the shape and type of a, [2, 3] FLOAT, received [3, 2] FLOAT");
    }
}
