package io.github.dl4jnorms.experiments.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final Agreement AGREEMENT = Agreement.measure();

    @Test
    void oursIsPyTorchsInEveryQuantity() {
        assertThat(AGREEMENT.torch().steps()).isEqualTo(20);
        assertThat(AGREEMENT.rows()).hasSize(12).allSatisfy(row -> {
            assertThat(row.oursToTorch()).as(row.quantity()).isLessThan(1e-13);
            assertThat(row.floatToTorch()).as(row.quantity()).isLessThan(1e-5);
        });
    }

    @Test
    void biasedItIsDl4js() {
        assertThat(AGREEMENT.worstToDl4j()).isLessThan(1e-13);
    }

    @Test
    void dl4jsRunningVarianceIsSevenEighthsOfPyTorchs() {
        assertThat(AGREEMENT.varianceRatios())
                .containsExactly(new double[] {7.0 / 8, 7.0 / 8, 7.0 / 8, 7.0 / 8}, within(1e-12));
        assertThat(AGREEMENT.rows())
                .filteredOn(row -> row.quantity().startsWith("running variance"))
                .singleElement()
                .satisfies(row -> assertThat(row.dl4jToTorch()).isGreaterThan(0.1));
    }
}
