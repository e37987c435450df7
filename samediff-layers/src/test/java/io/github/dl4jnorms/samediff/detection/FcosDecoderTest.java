package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FcosDecoderTest {

    private static final float NO = -20; // a logit that means no

    private final FcosDecoder decoder = new FcosDecoder.Builder().strides(8).build();

    /** {@code [images, 5 + classes, height, width]}: unit distances, centerness yes, no class anywhere. */
    private static INDArray level(int images, int classes, int height, int width) {
        INDArray level = Nd4j.ones(DataType.FLOAT, images, 5 + classes, height, width);
        level.get(NDArrayIndex.all(), NDArrayIndex.point(4)).assign(-NO);
        level.get(NDArrayIndex.all(), NDArrayIndex.interval(5, 5 + classes)).assign(NO);
        return level;
    }

    private static void put(INDArray level, int image, int row, int column, double... channels) {
        for (int c = 0; c < channels.length; c++) {
            level.putScalar(new int[] {image, c, row, column}, channels[c]);
        }
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    @Test
    void locationStrideAndScore() {
        INDArray level = level(2, 2, 4, 6);
        // row 1, column 3 of stride 8 lies at x = 28, y = 12
        put(level, 1, 1, 3, 1, 0.5, 2, 2.5, logit(0.36), NO, logit(0.81));
        List<List<Detection>> decoded = decoder.decode(new INDArray[] {level}, 48, 32);
        assertThat(decoded).hasSize(2);
        assertThat(decoded.get(0)).isEmpty();
        assertThat(decoded.get(1)).singleElement().satisfies(detection -> {
            assertThat(detection.box()).isEqualTo(new Box(28 - 8, 12 - 4, 28 + 16, 12 + 20));
            assertThat(detection.classIndex()).isEqualTo(1);
            assertThat(detection.score()).isEqualTo(0.9f * 0.6f, within(1e-6f)); // sqrt(0.81 * 0.36)
        });
    }

    @Test
    void levelsHaveTheirStridesAndAreSuppressedTogether() {
        INDArray[] levels = {
            level(1, 1, 16, 16), level(1, 1, 8, 8), level(1, 1, 4, 4), level(1, 1, 2, 2), level(1, 1, 1, 1)
        };
        put(levels[0], 0, 0, 0, 0.5, 0.5, 1, 1, 5, 2); // (4,4): box 0,0 - 12,12
        put(levels[1], 0, 0, 0, 0.5, 0.5, 0.25, 0.25, 5, 3); // (8,8): the same box, better
        put(levels[4], 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 5, 1); // (64,64): box 0,0 - 128,128
        assertThat(new FcosDecoder().decode(levels, 128, 128).get(0))
                .extracting(Detection::box)
                .containsExactly(new Box(0, 0, 12, 12), new Box(0, 0, 128, 128));
    }

    @Test
    void theThresholdLooksAtTheClassAlone() {
        INDArray level = level(1, 2, 1, 2);
        put(level, 0, 0, 0, 1, 1, 1, 1, logit(0.01), logit(0.06), logit(0.04)); // score sqrt(0.0006) = 0.024
        List<Detection> decoded = decoder.decode(new INDArray[] {level}, 16, 8).get(0);
        assertThat(decoded).extracting(Detection::classIndex).containsExactly(0);
        assertThat(decoded.get(0).score()).isEqualTo((float) Math.sqrt(0.0006), within(1e-6f));
    }

    @Test
    void aLocationMayHoldTwoClasses() {
        INDArray level = level(1, 3, 1, 1);
        put(level, 0, 0, 0, 1, 1, 1, 1, 5, 1, NO, 2);
        assertThat(decoder.decode(new INDArray[] {level}, 8, 8).get(0))
                .extracting(Detection::classIndex)
                .containsExactly(2, 0);
    }

    @Test
    void boxesAreClippedAndEmptyOnesDropped() {
        INDArray level = level(1, 1, 1, 3);
        put(level, 0, 0, 0, 9, 9, 1e38, 9, 5, 5); // larger than the image, even than a float
        put(level, 0, 0, 1, -2, 1, 1, 1, 5, 5); // right of left
        put(level, 0, 0, 2, 0.1, 1, 1, 1, 5, 5); // (20,4): outside an image 16 wide
        assertThat(decoder.decode(new INDArray[] {level}, 16, 6).get(0))
                .extracting(Detection::box)
                .containsExactly(new Box(0, 0, 16, 6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void predictionsThatAreNotFiniteAreDropped(double bad) {
        for (int channel = 0; channel < 7; channel++) {
            INDArray level = level(1, 2, 1, 9);
            put(level, 0, 0, 1, 1, 1, 1, 1, 5, 5, NO);
            put(level, 0, 0, 6, 1, 1, 1, 1, 5, 4, NO);
            level.putScalar(new int[] {0, channel, 0, 1}, bad);
            assertThat(decoder.decode(new INDArray[] {level}, 72, 8).get(0))
                    .extracting(Detection::box)
                    .containsExactly(new Box(44, 0, 60, 8));
        }
    }

    @Test
    void limitsPerLevelAndPerImage() {
        INDArray[] levels = {level(1, 1, 8, 8), level(1, 1, 4, 4)};
        levels[0].get(NDArrayIndex.point(0), NDArrayIndex.interval(0, 4)).assign(0.4); // apart from each other
        levels[0]
                .get(NDArrayIndex.point(0), NDArrayIndex.point(5))
                .assign(Nd4j.linspace(DataType.FLOAT, 0, 0.1, 64).reshape(8, 8));
        put(levels[1], 0, 3, 3, 0.01, 0.01, 0.01, 0.01, 5, -1);
        FcosDecoder.Builder builder = new FcosDecoder.Builder().strides(8, 16).topK(10);
        List<Detection> decoded = builder.build().decode(levels, 64, 64).get(0);
        assertThat(decoded).as("10 of 64, and 1").hasSize(11).isSortedAccordingTo(NonMaxSuppression.BEST_FIRST);
        assertThat(decoded.get(0).box())
                .as("the last cell")
                .isEqualTo(new Box(60 - 3.2f, 60 - 3.2f, 60 + 3.2f, 60 + 3.2f));
        assertThat(builder.maxDetections(4).build().decode(levels, 64, 64).get(0))
                .isEqualTo(decoded.subList(0, 4));
    }

    @Test
    void orderViewAndTypeDoNotMatter() {
        Nd4j.getRandom().setSeed(7);
        INDArray level = Nd4j.rand(DataType.FLOAT, 2, 8, 5, 3);
        level.get(NDArrayIndex.all(), NDArrayIndex.interval(5, 8)).subi(0.7).muli(6);
        List<List<Detection>> expected = decoder.decode(new INDArray[] {level}, 24, 40);
        assertThat(expected.get(0)).isNotEmpty();

        INDArray big = Nd4j.valueArrayOf(new long[] {3, 9, 6, 4}, Double.NaN, DataType.FLOAT);
        INDArray view = big.get(
                NDArrayIndex.interval(1, 3),
                NDArrayIndex.interval(1, 9),
                NDArrayIndex.interval(0, 5),
                NDArrayIndex.interval(1, 4));
        view.assign(level);
        INDArray permuted = level.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
        for (INDArray same : List.of(level.dup('f'), view, permuted, level.castTo(DataType.DOUBLE))) {
            assertThat(decoder.decode(new INDArray[] {same}, 24, 40)).isEqualTo(expected);
        }
    }

    @Test
    void refusesBadArguments() {
        INDArray level = level(1, 1, 2, 2);
        assertThatThrownBy(() -> new FcosDecoder().decode(new INDArray[] {level}, 8, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("levels: got 1");
        assertThatThrownBy(() -> decoder.decode(new INDArray[] {Nd4j.ones(1, 5, 2, 2)}, 8, 8))
                .hasMessageContaining("levels[0]: got FLOAT [1, 5, 2, 2]");
        assertThatThrownBy(() -> decoder.decode(new INDArray[] {level}, 0, 8)).hasMessageContaining("got 0, 8");
        FcosDecoder two = new FcosDecoder.Builder().strides(8, 16).build();
        assertThatThrownBy(() -> two.decode(new INDArray[] {level, level(2, 1, 1, 1)}, 8, 8))
                .hasMessageContaining("levels[1]: got shape [2, 6, 1, 1]");
        FcosDecoder.Builder builder = new FcosDecoder.Builder();
        assertThatThrownBy(() -> builder.strides(8, 0)).hasMessageContaining("strides: got [8, 0]");
        assertThatThrownBy(() -> builder.topK(0)).hasMessageContaining("topK: got 0");
        assertThatThrownBy(() -> builder.nmsThreshold(2)).hasMessageContaining("nmsThreshold: got 2.0");
    }
}
