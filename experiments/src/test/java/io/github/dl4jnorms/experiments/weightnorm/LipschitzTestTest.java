package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.Progress;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class LipschitzTestTest {
    private static final int FEATURES = 16;

    /** x ↦ diag(values) x. */
    private static Mlp scaling(double... values) {
        Mlp f = new Mlp(Form.NONE.parametrization(), Activation.IDENTITY, new Sgd(0), 1, values.length, values.length);
        f.parameter(0, "W").assign(Nd4j.diag(Nd4j.createFromArray(values)));
        return f;
    }

    private static double[] falling() {
        double[] values = new double[FEATURES];
        Arrays.setAll(values, i -> 2.0 / (1 + i));
        return values;
    }

    @Test
    void halfOfThePairsAreNear() {
        Pairs pairs = Pairs.random(100, FEATURES, 5);
        double[] distances = pairs.distances();
        for (int i = 0; i < 100; i++) {
            assertThat(pairs.near(i)).isEqualTo(i < 50);
            if (pairs.near(i)) {
                assertThat(distances[i]).isBetween(0.99 * Pairs.NEAREST, 0.101);
            } else {
                assertThat(distances[i]).isGreaterThan(1);
            }
        }
        assertThat(Arrays.stream(distances).filter(d -> d < 1e-3).count()).isBetween(20L, 40L);
        assertThat(Pairs.random(100, FEATURES, 5).x()).isEqualTo(pairs.x());
    }

    @Test
    void ratiosOfAScaling() {
        double[] threes = new double[FEATURES];
        Arrays.fill(threes, 3);
        assertThat(DoubleStream.of(Pairs.random(20, FEATURES, 5).ratios(scaling(threes))))
                .hasSize(20)
                .allSatisfy(ratio -> assertThat(ratio).isCloseTo(3, within(1e-7)));
    }

    @Test
    void theSearchFindsTheLargestSingularValueOfALinearMap() {
        Mlp f = scaling(falling());
        AdversarialSearch search;
        try (Progress progress = Progress.start("test", 1)) {
            search = AdversarialSearch.run(f, FEATURES, 4, 200, 1, progress);
        }
        assertThat(search.largest()).hasSize(201).isSorted();
        assertThat(search.largest()[0]).isLessThan(1.5);
        assertThat(search.largest()[200]).isBetween(1.999, 2.0 + 1e-9);
        assertThat(search.worst().ratios(f)[0]).isCloseTo(search.largest()[200], within(1e-9));
        INDArray step = search.worst().x().sub(search.worst().y());
        assertThat(Math.abs(step.getDouble(0)) / step.norm2Number().doubleValue())
                .as("along the first axis")
                .isGreaterThan(0.999);
    }

    private static LipschitzTest test(double bound, double ratio, double found) {
        return new LipschitzTest(
                "f",
                0,
                new double[] {bound, 1},
                new double[] {ratio, ratio},
                new AdversarialSearch(1, new double[] {ratio, found}, null),
                found);
    }

    @Test
    void claimsAreJudgedByTheNumbers() {
        Pairs pairs = Pairs.random(2, FEATURES, 1);
        LipschitzTest tight = test(1, 0.5, 0.95);
        LipschitzTest steep = test(9, 1.5, 3);
        assertThat(new LipschitzSection(pairs, tight, steep, steep, steep).claims())
                .allMatch(claim -> claim.holds());
        LipschitzTest beyond = test(1, 1.1, 1.2);
        assertThat(new LipschitzSection(pairs, beyond, tight, tight, tight).claims())
                .extracting(claim -> claim.holds())
                .containsExactly(false, true, false, false, false, false);
        LipschitzTest loose = test(1, 0.1, 0.2);
        assertThat(new LipschitzSection(pairs, loose, steep, steep, steep).claims())
                .extracting(claim -> claim.holds())
                .containsExactly(true, false, true, true, true, true);
    }
}
