package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class TokenStatisticsTest {
    @Test
    void theWorstTokenCounts() {
        // means 0 and 2, population variances 1 and 4, sample variances 4/3 and 16/3, mean squares 1 and 8
        TokenStatistics statistics =
                TokenStatistics.of(Nd4j.createFromArray(new float[][] {{1, -1, 1, -1}, {4, 0, 4, 0}})
                        .reshape(1, 2, 4));
        assertThat(statistics.mean()).isEqualTo(2);
        assertThat(statistics.std()).isEqualTo(1);
        assertThat(statistics.sampleStd()).isEqualTo(Math.sqrt(16.0 / 3) - 1, within(1e-12));
        assertThat(statistics.leastSampleStd()).isEqualTo(Math.sqrt(4.0 / 3) - 1, within(1e-12));
        assertThat(statistics.rms()).isEqualTo(Math.sqrt(8) - 1, within(1e-12));
    }

    @Test
    void sampleDeviationMissesTheBoundByItselfWhereThePopulationsIsExact() {
        float[] row = new float[4096];
        for (int i = 0; i < row.length; i++) {
            row[i] = i % 2 == 0 ? 1 : -1;
        }
        TokenStatistics statistics =
                TokenStatistics.of(Nd4j.createFromArray(row).reshape(1, 4096));
        assertThat(statistics.std()).isZero();
        assertThat(statistics.leastSampleStd()).isEqualTo(1.2209e-4, within(1e-8));
    }
}
