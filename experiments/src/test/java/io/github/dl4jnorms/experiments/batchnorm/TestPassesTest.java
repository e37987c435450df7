package io.github.dl4jnorms.experiments.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestPassesTest {
    private static final int[] LABELS = {2, 0, 1, 0, 2, 1, 1, 0, 2};

    @Test
    void everyPointComesOnceAndTheOrderChanges() {
        Random random = new Random(1);
        int[] first = TestPasses.shuffled(LABELS, TestPasses.Order.MIXED, random);
        int[] second = TestPasses.shuffled(LABELS, TestPasses.Order.MIXED, random);
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(second).containsExactlyInAnyOrder(first).isNotEqualTo(first);
    }

    @Test
    void sortedPointsStandClassByClassInChangingOrder() {
        Random random = new Random(1);
        int[] first = TestPasses.shuffled(LABELS, TestPasses.Order.SORTED, random);
        assertThat(IntStream.of(first).map(i -> LABELS[i])).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
        assertThat(TestPasses.shuffled(LABELS, TestPasses.Order.SORTED, random)).isNotEqualTo(first);
    }

    @Test
    void sharesAreAveraged() {
        TestPasses passes = new TestPasses(2, new double[] {0, 0.5, 1}, new double[] {0.25, 0.75});
        assertThat(passes.flips()).isEqualTo(0.5);
        assertThat(passes.accuracy()).isEqualTo(0.5);
    }
}
