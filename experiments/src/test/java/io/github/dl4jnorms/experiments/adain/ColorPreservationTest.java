package io.github.dl4jnorms.experiments.adain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ColorPreservationTest {
    private final INDArray content = Nd4j.rand(new int[] {1, 3, 6, 5}).muli(0.5).addi(0.25);
    private final INDArray style = Nd4j.rand(new int[] {1, 3, 4, 7});

    private static double luminance(INDArray picture, int y, int x) {
        return 0.299 * picture.getDouble(0, 0, y, x)
                + 0.587 * picture.getDouble(0, 1, y, x)
                + 0.114 * picture.getDouble(0, 2, y, x);
    }

    @Test
    void onlyTheLuminanceChanges() {
        INDArray result = Nd4j.rand(new int[] {1, 3, 6, 5});
        INDArray recolored = ColorPreservation.recolor(result, content);
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 5; x++) {
                assertThat(luminance(recolored, y, x)).isCloseTo(luminance(result, y, x), within(1e-5));
                for (int channel = 1; channel < 3; channel++) {
                    double before = content.getDouble(0, channel, y, x) - content.getDouble(0, 0, y, x);
                    double after = recolored.getDouble(0, channel, y, x) - recolored.getDouble(0, 0, y, x);
                    assertThat(after).isCloseTo(before, within(1e-5));
                }
            }
        }
    }

    @Test
    void theStyleIsAsBrightAsTheContent() {
        INDArray grey = ColorPreservation.grey(style, content);
        assertThat(grey.shape()).containsExactly(1, 3, 4, 7);
        assertThat(grey.tensorAlongDimension(0, 2, 3)).isEqualTo(grey.tensorAlongDimension(2, 2, 3));
        INDArray of = ColorPreservation.grey(content);
        assertThat(grey.meanNumber().doubleValue()).isCloseTo(of.meanNumber().doubleValue(), within(0.02));
        assertThat(grey.stdNumber().doubleValue()).isCloseTo(of.stdNumber().doubleValue(), within(0.02));
    }
}
