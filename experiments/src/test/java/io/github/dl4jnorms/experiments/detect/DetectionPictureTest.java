package io.github.dl4jnorms.experiments.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.samediff.detection.Box;
import io.github.dl4jnorms.samediff.detection.Detection;
import io.github.dl4jnorms.samediff.detection.GroundTruth;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionPictureTest {
    private static final Box BOX = new Box(8, 8, 32, 32);

    /** Pixels of a class's colour above the legend, in one of two columns. */
    private static long pixels(BufferedImage picture, int classIndex, int column) {
        int half = picture.getWidth() / 2;
        long count = 0;
        for (int y = 0; y < picture.getHeight() - 72; y++) {
            for (int x = column * half; x < (column + 1) * half; x++) {
                count += picture.getRGB(x, y) == Plots.color(classIndex).getRGB() ? 1 : 0;
            }
        }
        return count;
    }

    private static BufferedImage draw(List<GroundTruth> truth, List<Detection> detections) {
        var sample = new DetectData.Sample(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), truth);
        return DetectionPicture.draw(
                List.of("disc", "blob"),
                List.of(sample),
                List.of(new DetectionPicture.Column("gn", List.of(detections))));
    }

    @Test
    void truthIsLeftAndDetectionsAreRightInTheirClassesColours() {
        BufferedImage picture = draw(List.of(new GroundTruth(BOX, 0, false)), List.of(new Detection(BOX, 1, 0.5f)));
        assertThat(pixels(picture, 0, 0)).isGreaterThan(1000);
        assertThat(pixels(picture, 1, 0)).isZero();
        assertThat(pixels(picture, 0, 1)).isZero();
        assertThat(pixels(picture, 1, 1)).isGreaterThan(1000);
    }

    @Test
    void asManyDetectionsAsObjectsAreDrawnBestFirst() {
        BufferedImage picture = draw(
                List.of(new GroundTruth(BOX, 0, false)),
                List.of(new Detection(BOX, 0, 0.2f), new Detection(new Box(40, 40, 60, 60), 1, 0.9f)));
        assertThat(pixels(picture, 0, 1)).isZero();
        assertThat(pixels(picture, 1, 1)).isGreaterThan(1000);
    }

    @Test
    void nothingDetectedIsAnImageWithoutBoxes() {
        BufferedImage picture = draw(List.of(), List.of());
        assertThat(pixels(picture, 0, 1)).isZero();
    }
}
