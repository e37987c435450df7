package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class NormTest {
    @Test
    void flopsAreCountedFromTheFormulas() {
        assertThat(Norm.LAYER_NORM.flopsPerElement()).isEqualTo(7);
        assertThat(Norm.RMS_NORM.flopsPerElement()).isEqualTo(4);
        // of two rows: for each element 7, and for each row two divisions by n, + ε, a root and a division
        assertThat(Norm.LAYER_NORM.flops(2, 10)).isEqualTo(2 * (70 + 5));
        assertThat(Norm.RMS_NORM.flops(2, 10)).isEqualTo(2 * (40 + 4));
    }

    @ParameterizedTest
    @EnumSource(Norm.class)
    void fusedAndComposedAreTheSame(Norm norm) {
        Tensor tensor = Tensor.make(2, 3, 50, 1);
        tensor.fused(norm);
        INDArray fused = tensor.out().dup();
        tensor.out().assign(0);
        tensor.composed(norm);
        assertThat(tensor.out().sub(fused).amaxNumber().doubleValue()).isLessThan(1e-5);
        assertThat(fused.amaxNumber().doubleValue()).isGreaterThan(1);
    }

    @Test
    void tensorsHaveTheirMeanAndTheirSpreadAndPartsShareTheirMemory() {
        Tensor tensor = Tensor.make(4, 50, 100, 1);
        assertThat(tensor.x().meanNumber().doubleValue()).isEqualTo(Tensor.MEAN, within(0.1));
        assertThat(tensor.x().stdNumber().doubleValue()).isEqualTo(Tensor.STD, within(0.1));
        Tensor part = tensor.shaped(2, 5, 40);
        assertThat(part.x().shape()).containsExactly(2, 5, 40);
        assertThat(part.x().dataType()).isEqualTo(DataType.FLOAT);
        assertThat(part.gamma().length()).isEqualTo(40);
        part.fused(Norm.RMS_NORM);
        assertThat(tensor.out().getDouble(0))
                .isNotEqualTo(0)
                .isEqualTo(part.out().getDouble(0));
        assertThat(tensor.out().getDouble(3, 49, 99)).isEqualTo(0);
    }
}
