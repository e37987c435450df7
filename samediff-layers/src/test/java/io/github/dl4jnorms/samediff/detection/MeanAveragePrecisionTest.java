package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeanAveragePrecisionTest {

    private static final Offset<Double> EXACT = within(1e-12);

    private final MeanAveragePrecision map = new MeanAveragePrecision(2, 0.5);

    /** A 10 x 10 box at x; two of them d apart have IoU (10 - d) / (10 + d): 0.54 for 3, 0.43 for 4. */
    private static Box box(float x) {
        return new Box(x, 0, x + 10, 10);
    }

    private static Detection found(float x, float score) {
        return new Detection(box(x), 0, score);
    }

    private static GroundTruth object(float x) {
        return new GroundTruth(box(x), 0, false);
    }

    private static GroundTruth difficult(float x) {
        return new GroundTruth(box(x), 0, true);
    }

    private double ap() {
        return map.averagePrecision()[0];
    }

    @Test
    void perfect() {
        map.add(List.of(found(0, 0.9f), found(100, 0.8f)), List.of(object(0), object(100)));
        assertThat(ap()).isEqualTo(1);
        assertThat(map.recall()[0]).isEqualTo(1);
    }

    @Test
    void areaUnderTheMonotoneEnvelope() {
        // rank:       1    2    3    4    5     over two images, 4 objects
        //             TP   FP   TP   TP   FP
        // precision:  1   1/2  2/3  3/4  3/5
        // recall:    1/4  1/4  2/4  3/4  3/4
        // envelope at the recalls 1/4, 2/4, 3/4: 1, 3/4 (not 2/3), 3/4; the fourth object is never found
        // area = 1/4 (1 + 3/4 + 3/4) = 0.625
        map.add(
                List.of(found(0, 0.95f), found(500, 0.8f), found(103, 0.7f)),
                List.of(object(0), object(100), object(200)));
        map.add(List.of(found(600, 0.1f), found(0, 0.5f)), List.of(object(0)));
        assertThat(ap()).isEqualTo(0.625, EXACT);
        assertThat(map.recall()[0]).isEqualTo(0.75, EXACT);
    }

    @Test
    void theScoresOfAllImagesAreRankedTogether() {
        // the wrong detection of the second image outranks the right one of the first: FP, TP -> AP = 1/2
        map.add(List.of(found(0, 0.3f)), List.of(object(0)));
        map.add(List.of(found(0, 0.9f)), List.of());
        assertThat(ap()).isEqualTo(0.5, EXACT);
    }

    @Test
    void aSecondDetectionOfAnObjectIsWrong() {
        // TP, FP (duplicate), TP: precision 1, 1/2, 2/3; AP = 1/2 (1 + 2/3) = 5/6
        map.add(List.of(found(0, 0.9f), found(1, 0.8f), found(100, 0.7f)), List.of(object(0), object(100)));
        assertThat(ap()).isEqualTo(5 / 6.0, EXACT);
    }

    @Test
    void aDetectionIsHeldToItsNearestObjectEvenIfThatIsTaken() {
        // both detections lie nearest to the object at 0, though the second overlaps the one at 4 by 8/12 too:
        // TP, FP; AP = 1/2 * 1
        map.add(List.of(found(0, 0.9f), found(1.5f, 0.8f)), List.of(object(0), object(4)));
        assertThat(ap()).isEqualTo(0.5, EXACT);
    }

    @Test
    void difficultObjectsNeitherCountNorPenalize() {
        // the detections of the difficult object (twice) vanish, leaving TP, FP, TP: AP = 1/2 (1 + 2/3)
        map.add(
                List.of(found(0, 0.9f), found(50, 0.85f), found(51, 0.84f), found(300, 0.8f), found(100, 0.7f)),
                List.of(object(0), difficult(50), object(100)));
        assertThat(ap()).isEqualTo(5 / 6.0, EXACT);
        assertThat(map.recall()[0]).isEqualTo(1);
    }

    @Test
    void theThresholdItselfFits() {
        // boxes 5 apart: IoU 5/15
        for (double threshold : new double[] {5 / 15.0, 0.34}) {
            MeanAveragePrecision strict = new MeanAveragePrecision(1, threshold);
            strict.add(List.of(found(5, 0.9f)), List.of(object(0)));
            assertThat(strict.value()).isEqualTo(threshold < 0.34 ? 1 : 0);
        }
    }

    @Test
    void equalScoresStandInTheOrderTheyCame() {
        // FP then TP at the same score: AP 1/2; the other way round 1
        map.add(List.of(found(500, 0.5f), found(0, 0.5f)), List.of(object(0)));
        assertThat(ap()).isEqualTo(0.5, EXACT);
        MeanAveragePrecision other = new MeanAveragePrecision(1, 0.5);
        other.add(List.of(found(0, 0.5f), found(500, 0.5f)), List.of(object(0)));
        assertThat(other.value()).isEqualTo(1);
    }

    @Test
    void classesWithoutObjectsAreLeftOutOfTheMean() {
        // class 0: AP 1; class 1: a detection, but only a difficult object
        map.add(
                List.of(found(0, 0.9f), new Detection(box(0), 1, 0.9f)),
                List.of(object(0), new GroundTruth(box(200), 1, true)));
        assertThat(map.averagePrecision()).containsExactly(1, Double.NaN);
        assertThat(map.recall()).containsExactly(1, Double.NaN);
        assertThat(map.value()).isEqualTo(1);
    }

    @Test
    void classesDoNotMix() {
        // class 0 missed, class 1 detected where class 0 is: 0 and 0
        map.add(List.of(new Detection(box(0), 1, 0.9f)), List.of(object(0), new GroundTruth(box(100), 1, false)));
        assertThat(map.averagePrecision()).containsExactly(0, 0);
        assertThat(map.value()).isZero();
    }

    @Test
    void emptyImages() {
        assertThat(map.value()).as("no image at all").isNaN();
        map.add(List.of(), List.of());
        assertThat(map.value()).as("no object").isNaN();
        map.add(List.of(), List.of(object(0)));
        assertThat(map.value()).as("nothing detected").isZero();
    }

    @Test
    void refusesBadArguments() {
        assertThatThrownBy(() -> new MeanAveragePrecision(0, 0.5)).hasMessageContaining("classes: got 0");
        assertThatThrownBy(() -> new MeanAveragePrecision(1, 0)).hasMessageContaining("iouThreshold: got 0.0");
        assertThatThrownBy(() -> map.add(List.of(), List.of(object(0), new GroundTruth(box(0), 2, false))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("truth: got class 2");
        assertThat(map.value()).as("nothing counted").isNaN();
    }
}
