package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LeastSquaresTest {

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(1);
    }

    @Test
    void findsTheMapBehindThePairs() {
        INDArray weight = Nd4j.randn(DataType.FLOAT, 3, 7);
        INDArray bias = Nd4j.randn(DataType.FLOAT, 3, 1);
        LeastSquares squares = new LeastSquares(7, 3);
        for (int batch = 0; batch < 4; batch++) {
            INDArray x = Nd4j.randn(DataType.FLOAT, 7, 50).addi(2);
            squares.add(x, weight.mmul(x).addColumnVector(bias));
        }
        assertThat(squares.count()).isEqualTo(200);
        LeastSquares.Map map = squares.solve(0);
        assertThat(map.weight().distance2(weight)).isLessThan(1e-3);
        assertThat(map.bias().distance2(bias)).isLessThan(1e-3);
    }

    /** Two inputs that are the same, and one that never changes. */
    @Test
    void dependentInputsHaveASolutionToo() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 100);
        x.putRow(1, x.getRow(0).dup());
        x.getRow(2).assign(5);
        LeastSquares squares = new LeastSquares(3, 1);
        squares.add(x, x.getRow(0).mul(2).reshape(1, 100));
        INDArray weight = squares.solve(1e-6).weight();
        assertThat(weight.sumNumber().doubleValue() - weight.getDouble(0, 2)).isCloseTo(2, within(1e-3));
        assertThat(weight.getDouble(0, 2)).isFinite();
    }
}
