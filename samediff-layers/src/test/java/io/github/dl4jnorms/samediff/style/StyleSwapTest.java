package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.samediff.Compare;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class StyleSwapTest {

    private final INDArray content = Nd4j.rand(DataType.FLOAT, 1, 3, 6, 7).subi(0.5);
    private final INDArray style = Nd4j.rand(DataType.FLOAT, 1, 3, 8, 5).subi(0.5);

    /** Of itself every patch is found; at the border there are none. */
    @Test
    void aStyleIsMadeOfItsOwnPatches() {
        StyleSwap swap = new StyleSwap(style);
        int[] nearest = swap.nearest(style);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(nearest[(i + 1) * 5 + j + 1]).isEqualTo(3 * i + j);
            }
        }
        INDArrayIndex[] inner = {
            NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(2, 6), NDArrayIndex.point(2)
        };
        Compare.assertClose("style", swap.mix(style, nearest, 1).get(inner), style.get(inner), 1e-6);
    }

    /** By hand: of two patches the one of the same direction, whatever its length. */
    @Test
    void directionsDecide() {
        INDArray two = Nd4j.createFromArray(1f, 0f, 0f, 9f, 1f, 0f, 0f, 9f, 1f, 0f, 0f, 9f)
                .reshape(1, 1, 3, 4);
        StyleSwap swap = new StyleSwap(two);
        INDArray left = Nd4j.createFromArray(5f, 0f, 0f, 5f, 0f, 0f, 5f, 0f, 0f).reshape(1, 1, 3, 3);
        assertThat(swap.nearest(left)[4]).isZero();
        INDArray right =
                Nd4j.createFromArray(0f, 0f, 1f, 0f, 0f, 1f, 0f, 0f, 1f).reshape(1, 1, 3, 3);
        assertThat(swap.nearest(right)[4]).isEqualTo(1);
    }

    /** By hand: each pixel is the mean of what the patches around it have there. */
    @Test
    void patchesOverlap() {
        INDArray ramp = Nd4j.arange(12).castTo(DataType.FLOAT).reshape(1, 1, 3, 4);
        int[] nearest = {0, 1, 0, 1, 0, 1}; // 2 rows of 3 pixels
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 2, 3);
        INDArray mixed = new StyleSwap(ramp).mix(x, nearest, 1);
        // of pixel 0, 0: patch 0 here has 5, patch 1 to the right 1 + 4, patch 1 below 2, patch 0 right below 0
        assertThat(mixed.getDouble(0, 0, 0, 0)).isCloseTo((5 + 5 + 2 + 0) / 4.0, within(1e-6));
        assertThat(new StyleSwap(ramp).mix(x, nearest, 0)).isEqualTo(x);
        assertThat(new StyleSwap(ramp).mix(x, nearest, 0.25).getDouble(0, 0, 0, 0))
                .isCloseTo(0.75 + 0.25 * 3, within(1e-6));
    }

    /** More patches than there is a choice of. */
    @Test
    void ofALargeStyleSomePatchesAreTaken() {
        StyleSwap swap = new StyleSwap(Nd4j.rand(DataType.FLOAT, 1, 2, 64, 48).subi(0.5));
        int[] nearest = swap.nearest(Nd4j.rand(DataType.FLOAT, 1, 2, 90, 120).subi(0.5));
        assertThat(IntStream.of(nearest).min().orElseThrow()).isNotNegative();
        assertThat(IntStream.of(nearest).max().orElseThrow()).isBetween(900, 1023);
        assertThat(IntStream.of(nearest).distinct().count()).isGreaterThan(700);
    }

    /** As one at a time, whatever bands of rows they are taken in. */
    @Test
    void patchesAreThoseOfTheWholeImage() {
        INDArray all = Patches.of(content);
        assertThat(all.shape()).containsExactly(27, 42);
        assertThat(all.getFloat(9 + 4, 0)).isEqualTo(content.getFloat(0, 1, 0, 0));
        assertThat(all.getFloat(9, 0)).isEqualTo(content.getFloat(0, 1, 1, 1)); // reflected both ways
        assertThat(all.getFloat(18 + 8, 41)).isEqualTo(content.getFloat(0, 2, 4, 5));
        for (int row = 0; row < 6; row++) {
            assertThat(Patches.of(content, row, row + 1))
                    .isEqualTo(all.get(NDArrayIndex.all(), NDArrayIndex.interval(7L * row, 7L * row + 7)));
        }
        assertThat(Patches.of(content, 2, 5)).isEqualTo(all.get(NDArrayIndex.all(), NDArrayIndex.interval(14, 35)));
    }
}
