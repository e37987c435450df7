package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.Fixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class BatchNormTest {

    private static final int STEPS = 5;

    @ParameterizedTest
    @CsvSource({
        "ff, DOUBLE",
        "ff, FLOAT",
        "rnn, DOUBLE",
        "rnn, FLOAT",
        "cnn, DOUBLE",
        "cnn, FLOAT",
        "cnn3d, DOUBLE",
        "cnn3d, FLOAT"
    })
    void isPyTorchs(String kind, DataType type) {
        Fixture torch = Fixture.of("batch_norm_" + kind);
        for (boolean channelsLast : new boolean[] {false, true}) {
            SingleLayer layer = new SingleLayer(new BatchNorm.Builder().build(), torch.get("x0", type), channelsLast);
            layer.set("gamma", torch.get("gamma", type));
            layer.set("beta", torch.get("beta", type));
            for (int step = 0; step < STEPS; step++) {
                layer.check(torch, type, String.valueOf(step), true);
            }
            assertClose("running mean", layer.get("mean"), torch.get("mean", type));
            assertClose("running variance", layer.get("variance"), torch.get("variance", type));
            layer.check(torch, type, "Eval", false);
        }
    }

    @Test
    void trainingOnOneValuePerChannelThrows() {
        SingleLayer layer =
                new SingleLayer(new BatchNorm.Builder().build(), Nd4j.rand(DataType.FLOAT, 1, 3, 1, 1), false);
        assertThatThrownBy(() -> layer.forward(Nd4j.rand(DataType.FLOAT, 1, 3, 1, 1), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than one value per channel")
                .hasMessageContaining("[1, 3, 1, 1]");
        layer.forward(Nd4j.rand(DataType.FLOAT, 1, 3, 1, 1), false);
    }
}
