package io.github.dl4jnorms.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class NpzTest {
    @Test
    void arraysHaveTheirNamesShapesAndTypes() {
        Map<String, INDArray> arrays = Npz.read(NpzTest.class, "batchnorm/batchnorm1d.npz");
        assertThat(arrays.keySet())
                .containsExactlyInAnyOrder(
                        "x", "target", "y", "dx", "dgamma", "dbeta", "gamma", "beta", "mean", "variance");
        assertThat(arrays.get("x").shape()).containsExactly(21, 8, 4);
        assertThat(arrays.get("variance").shape()).containsExactly(21, 4);
        assertThat(arrays.get("variance").dataType()).isEqualTo(DataType.DOUBLE);
        // torch.nn.BatchNorm1d moves its statistics in training only: the last slice is evaluation
        assertThat(arrays.get("mean").slice(20)).isEqualTo(arrays.get("mean").slice(19));
    }

    @Test
    void missingOnesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Npz.read(NpzTest.class, "no.npz"))
                .withMessage("resource: takes the name of one beside " + NpzTest.class.getName() + ", received no.npz");
    }
}
