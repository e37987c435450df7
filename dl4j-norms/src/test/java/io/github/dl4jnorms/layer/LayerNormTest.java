package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerNormTest {

    /** Over the last dimensions, so many. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "4, 1", "4, 2", "4, 3", "5, 1", "5, 2", "5, 3", "5, 4"})
    void functionIsPyTorchs(int rank, int count) {
        for (int axis : new int[] {-count, rank - count}) {
            Torch.check(
                    "layer_norm_" + rank + "_" + count,
                    (sd, in) -> SDNorms.layerNorm(sd, in.get("x"), axis, in.get("gamma"), in.get("beta"), 1e-5),
                    "x",
                    "gamma",
                    "beta");
        }
    }

    @ParameterizedTest
    @CsvSource({"2_1, false", "rnn, false", "cnn, false", "cnn3d, false", "4_3, true", "5_4, true"})
    void layerIsPyTorchs(String fixture, boolean wholeExample) {
        SingleLayer.check(
                "layer_norm_" + fixture,
                () -> new LayerNorm.Builder().wholeExample(wholeExample).build(),
                "gamma",
                "beta");
    }
}
