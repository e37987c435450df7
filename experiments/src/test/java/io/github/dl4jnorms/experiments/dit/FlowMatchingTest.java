package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class FlowMatchingTest {
    private static final int MANY = 2000;

    private static FlowMatching flow(double dropout, int batchSize, long seed) {
        return new FlowMatching(Tiny.images().train(), 2, dropout, batchSize, seed);
    }

    @Test
    void pointsLieOnTheWayFromNoiseToImage() {
        FlowMatching.Batch batch = flow(0, 64, 1).batch(3);
        INDArray left = batch.time().rsub(1).reshape(64, 1, 1, 1);
        INDArray end = batch.noised().add(batch.velocity().mul(left));
        assertThat(end.sub(batch.image()).amaxNumber().doubleValue()).isLessThan(1e-5);
        INDArray noise = batch.image().sub(batch.velocity());
        assertThat(noise.meanNumber().doubleValue()).isCloseTo(0, within(0.05));
        assertThat(noise.stdNumber().doubleValue()).isCloseTo(1, within(0.05));
    }

    @Test
    void imagesAreThoseOfTheirClass() {
        FlowMatching.Batch batch = flow(0, 64, 1).batch(0);
        for (int i = 0; i < 64; i++) {
            assertThat(batch.image().getDouble(i, 0, 0, 0) > 0)
                    .isEqualTo(batch.label().getInt(i, 0) == 1);
        }
        assertThat(batch.label().meanNumber().doubleValue()).isBetween(0.2, 0.8);
    }

    @Test
    void timesAreInTheMiddleAndSomeClassesAreWithheld() {
        FlowMatching.Batch batch = flow(0.25, MANY, 1).batch(0);
        assertThat(batch.time().minNumber().doubleValue()).isPositive();
        assertThat(batch.time().maxNumber().doubleValue()).isLessThan(1);
        assertThat(batch.time().meanNumber().doubleValue()).isCloseTo(0.5, within(0.02));
        // the logistic function of a normal variable has this standard deviation
        assertThat(batch.time().stdNumber().doubleValue()).isCloseTo(0.208, within(0.01));
        assertThat(batch.label()
                        .eq(2)
                        .castTo(batch.label().dataType())
                        .meanNumber()
                        .doubleValue())
                .isCloseTo(0.25, within(0.03));
    }

    @Test
    void aStepHasAlwaysTheSameExamplesAndNoOtherHasThem() {
        FlowMatching.Batch first = flow(0.1, 8, 1).batch(5);
        assertThat(flow(0.1, 8, 1).batch(5).noised()).isEqualTo(first.noised());
        assertThat(flow(0.1, 8, 1).batch(6).noised()).isNotEqualTo(first.noised());
        assertThat(flow(0.1, 8, 2).batch(5).noised()).isNotEqualTo(first.noised());
        assertThat(flow(0.1, 8, 2).batch(4).noised()).isNotEqualTo(first.noised());
    }
}
