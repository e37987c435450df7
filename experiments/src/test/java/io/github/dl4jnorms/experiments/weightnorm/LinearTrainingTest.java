package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LinearTrainingTest {
    /** One row: v = (3, 4), so that ‖v‖ = 5, g = 10, w = (6, 8); ∇w = (1, 0) is (0.6, 0.8) · 0.6 along v and (0.64, −0.48) across. */
    private static LinearTraining.Step byHand(double[] dv, double dg, double[] wAfter) {
        return new LinearTraining.Step(
                new LinearTraining.State(row(3, 4), Nd4j.createFromArray(10.0), row(6, 8)),
                new LinearTraining.State(row(3, 4), Nd4j.createFromArray(-10.0), row(wAfter)),
                row(dv),
                Nd4j.createFromArray(dg),
                row(1, 0),
                0);
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(new double[][] {values});
    }

    @Test
    void theSeparationByHand() {
        LinearTraining.Step right = byHand(new double[] {1.28, -0.96}, 0.6, new double[] {-6, -8});
        assertThat(right.cosine()).isLessThan(1e-15);
        assertThat(right.radialError()).isLessThan(1e-15);
        assertThat(right.tangentialError()).isLessThan(1e-15);
        assertThat(right.lengthError()).as("of |g|, as g may be negative").isLessThan(1e-15);
        assertThat(right.pythagorasError(0)).isLessThan(1e-15);
    }

    @Test
    void whatIsWrongIsSeen() {
        LinearTraining.Step wrong = byHand(new double[] {2, 0}, 0.5, new double[] {6, 7});
        assertThat(wrong.cosine()).isCloseTo(0.6, within(1e-15));
        assertThat(wrong.radialError()).isCloseTo(0.1 / 0.6, within(1e-15));
        assertThat(wrong.tangentialError()).isGreaterThan(0.5);
        assertThat(wrong.lengthError()).isCloseTo(1 - Math.sqrt(85) / 10, within(1e-15));
        assertThat(wrong.pythagorasError(1)).isGreaterThan(0.05);
    }

    @Test
    void isPyTorchsAndEveryClaimHolds() {
        TorchFixture torch = TorchFixture.of("linear");
        LinearTraining training;
        try (Progress progress = Progress.start("test", 1)) {
            training = LinearTraining.run(torch, 42, progress);
        }
        assertThat(training.steps()).hasSize(40).allMatch(step -> step.torch() < 1e-12);
        assertThat(new LinearSection(training, torch.number("rate")).claims()).allMatch(claim -> claim.holds());
        assertThat(training.states().get(40).g().toDoubleVector())
                .as("the lengths of the map's rows")
                .containsExactly(new double[] {0.5, 2, 4}, within(0.05));
    }

    @Test
    void aClaimFailsIfOneStepIsWrong() {
        LinearTraining.Step wrong = byHand(new double[] {2, 0}, 0.5, new double[] {6, 7});
        LinearTraining training =
                new LinearTraining(new LinearTraining.Initial(row(1, 2), row(1, 2)), wrong.before(), List.of(wrong));
        assertThat(new LinearSection(training, 1).claims())
                .extracting(claim -> claim.holds())
                .containsExactly(true, false, true, false, false, false, false);
    }
}
