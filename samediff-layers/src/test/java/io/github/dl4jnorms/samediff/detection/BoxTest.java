package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTest {

    private final Box box = new Box(1, 2, 4, 8);

    @Test
    void measuresLengthsNotPixels() {
        assertThat(box.width()).isEqualTo(3);
        assertThat(box.height()).isEqualTo(6);
        assertThat(box.area()).isEqualTo(18);
    }

    @Test
    void iou() {
        assertThat(box.iou(box)).isEqualTo(1);
        // common part (2,4)-(4,8): 2 x 4 = 8; union 18 + 16 - 8 = 26
        assertThat(box.iou(new Box(2, 4, 6, 8))).isEqualTo(8 / 26.0, within(1e-15));
        assertThat(new Box(2, 4, 6, 8).iou(box)).isEqualTo(8 / 26.0, within(1e-15));
        assertThat(box.iou(new Box(4, 2, 6, 8))).as("touching").isZero();
        assertThat(box.iou(new Box(20, 20, 30, 30))).as("apart in both axes").isZero();
        assertThat(new Box(1, 1, 1, 1).iou(new Box(1, 1, 1, 1))).as("empty").isZero();
    }

    @Test
    void hugeBoxesDoNotOverflow() {
        Box huge = new Box(-Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE);
        assertThat(huge.iou(huge)).isEqualTo(1);
    }

    @Test
    void clip() {
        assertThat(new Box(-3, -4, 30, 20).clip(10, 5)).isEqualTo(new Box(0, 0, 10, 5));
        assertThat(box.clip(10, 10)).isEqualTo(box);
        assertThat(new Box(20, 1, 30, 2).clip(10, 10)).as("outside").isEqualTo(new Box(10, 1, 10, 2));
    }

    @ParameterizedTest
    @CsvSource({"NaN,0,1,1", "0,0,Infinity,1", "2,0,1,1", "0,2,1,1"})
    void refusesWhatIsNoBox(float x1, float y1, float x2, float y2) {
        assertThatThrownBy(() -> new Box(x1, y1, x2, y2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("box: got (" + x1);
    }

    @Test
    void recordsRefuseBadClassesAndScores() {
        assertThatThrownBy(() -> new Detection(box, -1, 0.5f)).hasMessageContaining("classIndex: got -1");
        assertThatThrownBy(() -> new Detection(box, 0, Float.NaN)).hasMessageContaining("score: got NaN");
        assertThatThrownBy(() -> new Detection(box, 0, 1.5f)).hasMessageContaining("score: got 1.5");
        assertThatThrownBy(() -> new GroundTruth(box, -2, false)).hasMessageContaining("classIndex: got -2");
    }
}
