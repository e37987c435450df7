package io.github.dl4jnorms.experiments.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FixedPointTest {
    private static final float[][] EVALUATION = {{0.6f, 0.3f, 0.1f}, {0.6f, 0.3f, 0.1f}};

    @Test
    void differentAnswersAreToldApartToTheLastBit() {
        float[] next = {Math.nextUp(0.6f), 0.3f, 0.1f};
        FixedPoint.Passes passes =
                new FixedPoint.Passes(2, new float[][] {{0.6f, 0.3f, 0.1f}, next, {0.6f, 0.3f, 0.1f}}, EVALUATION);
        assertThat(passes.differentInTraining()).isEqualTo(2);
        assertThat(passes.differentInEvaluation()).isEqualTo(1);
    }

    @Test
    void anAnswerFlipsWhereItNamesAnotherClassThanEvaluation() {
        FixedPoint.Passes passes = new FixedPoint.Passes(
                2, new float[][] {{0.5f, 0.4f, 0.1f}, {0.2f, 0.7f, 0.1f}, {0.1f, 0.1f, 0.8f}, {1, 0, 0}}, EVALUATION);
        assertThat(passes.flipped()).isEqualTo(0.5);
        assertThat(passes.probabilities(1)).containsExactly(0.4f, 0.7f, 0.1f, 0);
    }
}
