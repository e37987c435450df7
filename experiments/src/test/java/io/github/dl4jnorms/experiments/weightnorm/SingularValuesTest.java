package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SingularValuesTest {
    @Test
    void byHand() {
        // [[3, 0], [4, 5]]: the eigenvalues of wᵀ w are 45 and 5
        INDArray w = Nd4j.createFromArray(new double[][] {{3, 0}, {4, 5}});
        assertThat(SingularValues.largest(w)).isCloseTo(Math.sqrt(45), within(1e-13));
        assertThat(w).as("left as it is").isEqualTo(Nd4j.createFromArray(new double[][] {{3, 0}, {4, 5}}));
    }

    @Test
    void ofEveryShapeAndOrder() {
        INDArray column = Nd4j.createFromArray(new double[][] {{3}, {4}});
        assertThat(SingularValues.largest(column)).isCloseTo(5, within(1e-14));
        INDArray w = Samples.gaussian(new Random(1), 3, 7);
        assertThat(SingularValues.largest(w.transpose())).isCloseTo(SingularValues.largest(w), within(1e-13));
    }
}
