package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.Progress;
import org.junit.jupiter.api.Test;

class SpectralTrainingTest {
    private static final int STEPS = 12;

    private final TorchFixture torch = TorchFixture.of("mlp");

    private SpectralTraining train(Form form) {
        try (Progress progress = Progress.start("test", STEPS)) {
            return SpectralTraining.run(torch, form, STEPS, progress);
        }
    }

    @Test
    void oneIterationIsPyTorchs() {
        SpectralTraining training = train(Form.ONE_ITERATION);
        for (int step = 0; step <= STEPS; step++) {
            assertThat(training.sigma()[step])
                    .containsExactly(torch.get("sigma").getRow(step).toDoubleVector(), within(1e-9));
            assertThat(training.sigmaTraining()[step])
                    .containsExactly(torch.get("sigmaTraining").getRow(step).toDoubleVector(), within(1e-9));
        }
        for (int step = 0; step < STEPS; step++) {
            assertThat(training.loss()[step]).isCloseTo(torch.get("loss").getDouble(step), within(1e-9));
        }
        assertThat(training.largest()).isGreaterThan(1.1);
        assertThat(training.above(1 + 1e-4)).isGreaterThan(40);
    }

    @Test
    void boundedIsBounded() {
        SpectralTraining training = train(Form.BOUNDED);
        assertThat(training.largest()).isLessThanOrEqualTo(1 + 1e-4);
        assertThat(training.smallest()).isGreaterThanOrEqualTo(1 / (1 + 1e-4));
        assertThat(training.above(1 + 1e-4)).isZero();
        assertThat(training.loss()[STEPS - 1]).isLessThan(training.loss()[0]);
    }

    @Test
    void oneSingularValueAboveTheBoundFailsTheClaim() {
        double[][] ones = {{1, 1, 1, 1}, {1, 1, 1, 1}};
        double[][] above = {{1, 1, 1, 1}, {1, 1, 1.00011, 1}};
        SpectralTraining good = new SpectralTraining(null, new double[1], ones, ones);
        SpectralTraining bad = new SpectralTraining(null, new double[1], ones, above);
        assertThat(new SpectralSection(good, good, good, torch).claims())
                .extracting(claim -> claim.holds())
                .containsExactly(true, true, false, false);
        assertThat(new SpectralSection(bad, good, good, torch).claims().get(0).holds())
                .isFalse();
    }
}
