package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    @ParameterizedTest
    @CsvSource({
        "7, 7, 7, 7",
        "1 3, 1.5, 2, 2.5",
        "9 1 5, 3, 5, 7",
        "4 1 3 2, 1.75, 2.5, 3.25", // numpy.percentile([1, 2, 3, 4], [25, 50, 75])
        "50 10 40 20 30, 20, 30, 40"
    })
    void quartilesAreNumPys(String text, double q1, double median, double q3) {
        double[] values =
                Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
        double[] before = values.clone();
        Samples samples = new Samples(values);
        assertThat(samples.q1()).isEqualTo(q1, within(1e-12));
        assertThat(samples.median()).isEqualTo(median, within(1e-12));
        assertThat(samples.q3()).isEqualTo(q3, within(1e-12));
        assertThat(values).as("the order is kept").isEqualTo(before);
        assertThat(samples.and(new Samples(8)).values()).endsWith(8).hasSize(before.length + 1);
    }
}
