package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CopyTest {
    private final INDArray x = Nd4j.rand(DataType.FLOAT, 3, 7, 5);
    private final INDArray out = Nd4j.zeros(DataType.FLOAT, 3, 7, 5);

    @Test
    void memcpyCopiesEverything() {
        Copy.memcpy(x, out);
        assertThat(out).isEqualTo(x);
    }

    @Test
    void rowByRowEverythingIsCopiedToo() {
        Copy.rows(x, out);
        assertThat(out).isEqualTo(x);
    }
}
