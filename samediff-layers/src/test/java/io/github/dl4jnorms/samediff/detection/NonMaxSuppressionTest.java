package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NonMaxSuppressionTest {

    static Detection at(float x, int classIndex, float score) {
        return new Detection(new Box(x, 0, x + 10, 10), classIndex, score);
    }

    @Test
    void keepsTheBestOfThoseThatOverlap() {
        Detection best = at(0, 0, 0.9f);
        Detection shifted = at(2, 0, 0.8f); // IoU 8/12 with best
        Detection chained = at(4, 0, 0.7f); // 6/14 with best, 8/12 with shifted, which is gone
        Detection elsewhere = at(50, 0, 0.1f);
        assertThat(NonMaxSuppression.apply(List.of(elsewhere, chained, shifted, best), 0.5))
                .containsExactly(best, chained, elsewhere);
    }

    @Test
    void otherClassesAreLeftAlone() {
        assertThat(NonMaxSuppression.apply(List.of(at(0, 0, 0.9f), at(0, 1, 0.8f)), 0.5))
                .hasSize(2);
    }

    @Test
    void anIouOfExactlyTheThresholdIsKept() {
        // two boxes 10 wide, 5 apart: 5/15
        List<Detection> both = List.of(at(0, 0, 0.9f), at(5, 0, 0.8f));
        assertThat(NonMaxSuppression.apply(both, 1 / 3.0)).hasSize(2);
        assertThat(NonMaxSuppression.apply(both, 0.333)).hasSize(1);
    }

    @Test
    void ofEqualScoresTheFirstWins() {
        Detection first = at(1, 0, 0.5f);
        Detection second = at(0, 0, 0.5f);
        assertThat(NonMaxSuppression.apply(List.of(first, second), 0.5)).containsExactly(first);
        assertThat(NonMaxSuppression.apply(List.of(second, first), 0.5)).containsExactly(second);
    }

    @Test
    void nothingInNothingOut() {
        assertThat(NonMaxSuppression.apply(List.of(), 0.5)).isEmpty();
    }

    @Test
    void refusesBadThresholds() {
        assertThatThrownBy(() -> NonMaxSuppression.apply(List.of(), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("iouThreshold: got NaN");
        assertThatThrownBy(() -> NonMaxSuppression.apply(List.of(), 0.5, -1)).hasMessageContaining("limit: got -1");
    }
}
