package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RMSNormTest {

    /** Over the last dimensions, so many. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "4, 1", "4, 2", "4, 3", "5, 1", "5, 2", "5, 3", "5, 4"})
    void functionIsPyTorchs(int rank, int count) {
        for (int axis : new int[] {-count, rank - count}) {
            Torch.check(
                    "rms_norm_" + rank + "_" + count,
                    (sd, in) -> SDNorms.rmsNorm(sd, in.get("x"), axis, in.get("gamma"), 1e-6),
                    "x",
                    "gamma");
        }
    }

    @ParameterizedTest
    @CsvSource({"2_1, false", "rnn, false", "cnn, false", "cnn3d, false", "4_3, true", "5_4, true"})
    void layerIsPyTorchs(String fixture, boolean wholeExample) {
        SingleLayer.check(
                "rms_norm_" + fixture,
                () -> new RMSNorm.Builder().wholeExample(wholeExample).build(),
                "gamma");
    }
}
