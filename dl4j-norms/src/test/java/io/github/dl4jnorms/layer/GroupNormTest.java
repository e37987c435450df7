package io.github.dl4jnorms.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GroupNormTest {

    @ParameterizedTest
    @CsvSource({
        "1, ff",
        "3, ff",
        "1, rnn",
        "3, rnn",
        "6, rnn",
        "1, cnn",
        "3, cnn",
        "6, cnn",
        "1, cnn3d",
        "3, cnn3d",
        "6, cnn3d"
    })
    void isPyTorchs(int groups, String kind) {
        SingleLayer.check(
                "group_norm_" + groups + "_" + kind,
                () -> new GroupNorm.Builder().groups(groups).build(),
                "gamma",
                "beta");
    }

    @Test
    void groupsThatDoNotDivideTheChannelsThrowWhenTheNetworkIsBuilt() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 6, 3, 3);
        assertThatThrownBy(
                        () -> new SingleLayer(new GroupNorm.Builder().groups(4).build(), x, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groups: takes a divisor of the 6 channels, received 4");
        assertThatThrownBy(() -> new GroupNorm.Builder().groups(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groups: takes a number greater than 0, received 0");
    }
}
