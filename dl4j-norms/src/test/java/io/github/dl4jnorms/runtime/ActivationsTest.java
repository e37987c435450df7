package io.github.dl4jnorms.runtime;

import static io.github.dl4jnorms.Arrays.difference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ActivationsTest {

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {
                "CUBE",
                "ELU",
                "GELU",
                "HARDTANH",
                "IDENTITY",
                "LEAKYRELU",
                "RELU",
                "SELU",
                "SIGMOID",
                "SOFTPLUS",
                "SOFTSIGN",
                "SWISH",
                "TANH"
            })
    void valuesAreDl4js(Activation activation) {
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -4, 0.25, 33);
        SameDiff sd = SameDiff.create();
        SDVariable input = sd.placeHolder("x", DataType.DOUBLE, 33);
        SDVariable y = Activations.apply(sd, activation, input).add(0);
        INDArray expected = activation.getActivationFunction().getActivation(x.dup(), false);
        assertThat(difference(sd.outputSingle(Map.of("x", x), y.name()), expected))
                .isLessThan(1e-7);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Activations.require(Activation.RRELU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activation: takes one of")
                .hasMessageContaining("received RRELU");
    }
}
