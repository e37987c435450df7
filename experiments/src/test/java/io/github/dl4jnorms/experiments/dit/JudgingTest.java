package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class JudgingTest {
    /** Rows of independent numbers with exactly the variances a² · 2/3 · 4/3 and b² · … of these four points. */
    private static double[][] cross(double x, double y, double a, double b) {
        return new double[][] {{x + a, y}, {x - a, y}, {x, y + b}, {x, y - b}};
    }

    @Test
    void frechetDistanceByHand() {
        double[][] here = cross(0, 0, 3, 3);
        assertThat(Frechet.distance(here, here)).isCloseTo(0, within(1e-9));
        assertThat(Frechet.distance(here, cross(3, 4, 3, 3))).isCloseTo(25, within(1e-9));
        // standard deviations of √6 against 2√6 and √6: (√6)²
        assertThat(Frechet.distance(here, cross(0, 0, 6, 3))).isCloseTo(6, within(1e-9));
    }

    @Test
    void meanDistanceByHand() {
        INDArray images = Nd4j.createFromArray(new float[] {0, 0, 3, 3, 3, 4}).reshape(3, 1, 1, 2);
        double expected = (3 + Math.sqrt((9 + 16) / 2.0) + Math.sqrt(0.5)) / 3;
        assertThat(Drawing.meanDistance(images)).isCloseTo(expected, within(1e-6));
        assertThat(Drawing.meanDistance(images.slice(0).reshape(1, 1, 1, 2))).isZero();
    }

    @Test
    void averageForgetsFasterAtFirst() {
        WeightAverage average = new WeightAverage(Nd4j.createFromArray(1.0, 2.0));
        average.add(Nd4j.createFromArray(12.0, 13.0), 1);
        double decay = 2.0 / 11;
        assertThat(average.get().getDouble(0)).isCloseTo(decay + (1 - decay) * 12, within(1e-12));
        for (int step = 2; step <= 5000; step++) {
            average.add(Nd4j.createFromArray(3.0, 3.0), step);
        }
        assertThat(average.get().getDouble(1)).isCloseTo(3, within(1e-6));
        average.add(Nd4j.createFromArray(4.0, 4.0), 5001);
        assertThat(average.get().getDouble(1)).isCloseTo(3.005, within(1e-6));
    }

    /** It learns to tell dark from bright, and judges what was to be which. */
    @Test
    void classifierTellsClassesApart() {
        ImageSet images = Tiny.images();
        int[] calls = {0};
        Classifier classifier = Classifier.train(images, 30, 1, () -> calls[0]++);
        assertThat(calls[0]).isEqualTo(30);
        INDArray both = images.test().array(0, 2, 1, 3);
        assertThat(classifier.classify(both)).containsExactly(0, 0, 1, 1);
        assertThat(classifier.features(both)).hasDimensions(4, 64);

        Drawing.Judge judge = new Drawing.Judge(classifier, images);
        Drawing.Judgement right = judge.judge(1, both);
        assertThat(right.accuracy()).containsExactly(1, 1);
        assertThat(right.meanAccuracy()).isEqualTo(1);
        assertThat(right.meanDiversity()).isPositive();
        Drawing.Judgement half = judge.judge(1, images.test().array(0, 2, 1, 0));
        assertThat(half.accuracy()).containsExactly(1, 0.5);
        assertThat(Arrays.stream(half.diversity()).max().orElseThrow()).isGreaterThan(right.meanDiversity());
    }
}
