package io.github.dl4jnorms.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpiralsTest {

    @Test
    void armsHaveEquallyManyPointsInRandomOrder() {
        List<Integer> arms = Spirals.records(300, 3, 0.5, 1).stream()
                .map(record -> record.get(Spirals.CLASS_COLUMN).toInt())
                .toList();
        for (int arm = 0; arm < 3; arm++) {
            assertThat(java.util.Collections.frequency(arms, arm)).isEqualTo(100);
        }
        assertThat(arms.subList(0, 100)).contains(0, 1, 2).isNotEqualTo(arms.subList(100, 200));
    }

    @Test
    void withoutNoiseEveryPointLiesOnItsArm() {
        assertThat(Spirals.records(60, 3, 0, 1))
                .allSatisfy(record -> assertThat(Math.sin(turned(record) / 2))
                        .as("the angle is the arm's, up to full turns")
                        .isEqualTo(0, within(1e-9)));
    }

    @Test
    void theBestClassifierErrsAsOftenAsTheNormalDistributionSays() {
        List<List<Writable>> records = Spirals.records(30_000, 3, 0.5, 1);
        long wrong = records.stream()
                .filter(record -> Math.abs(Math.IEEEremainder(turned(record), 2 * Math.PI)) > Math.PI / 3)
                .count();
        assertThat(wrong / 30_000.0).isEqualTo(0.0362, within(0.004)); // 2 (1 − Φ(π / 1.5))
        assertThat(Spirals.bestAccuracy(3, 0.5)).isEqualTo(1 - 0.0362, within(1e-4));
    }

    /** How far a point is turned from its arm. */
    private static double turned(List<Writable> record) {
        double x = record.get(0).toDouble();
        double y = record.get(1).toDouble();
        return Math.atan2(y, x)
                - 4 * Math.hypot(x, y)
                - 2 * Math.PI * record.get(Spirals.CLASS_COLUMN).toInt() / 3;
    }

    @Test
    void equalSeedsGiveEqualPointsAndOthersDoNot() {
        assertThat(Spirals.records(6, 3, 0.5, 1))
                .isEqualTo(Spirals.records(6, 3, 0.5, 1))
                .isNotEqualTo(Spirals.records(6, 3, 0.5, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "300, 1, 0.5, arms: takes at least 2",
        "301, 3, 0.5, count: takes a positive multiple of the 3 arms",
        "0, 3, 0.5, count: takes a positive multiple of the 3 arms",
        "300, 3, -1, noise: takes a number from 0",
        "300, 3, NaN, noise: takes a number from 0"
    })
    void wrongArgumentsAreNamed(int count, int arms, double noise, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spirals.records(count, arms, noise, 1))
                .withMessageStartingWith(message);
    }
}
