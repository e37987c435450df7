package io.github.dl4jnorms.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightStandardizationTest {

    @Test
    void eachOutputsWeightsHaveMean0AndVariance1() {
        INDArray w = Effective.weight(
                Effective.network(50, 4, new WeightStandardization(1e-12, false), DataType.DOUBLE, 1), true);
        assertThat(w.mean(1).amaxNumber().doubleValue()).isCloseTo(0, within(1e-12));
        assertThat(w.var(false, 1).sub(1).amaxNumber().doubleValue()).isCloseTo(0, within(1e-9));
    }

    @Test
    void scaledTheVarianceIsThatOfAnAverage() {
        MultiLayerNetwork network =
                Effective.network(50, 4, new WeightStandardization(1e-12, true), DataType.DOUBLE, 1);
        network.getParam("0_Wg").assign(3);
        INDArray w = Effective.weight(network, true);
        assertThat(w.var(false, 1).sub(9 / 50.0).amaxNumber().doubleValue()).isCloseTo(0, within(1e-9));
    }

    @Test
    void refusesAnEpsilonThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightStandardization(0, false))
                .withMessage("epsilon: takes a number greater than 0, received 0.0");
    }
}
