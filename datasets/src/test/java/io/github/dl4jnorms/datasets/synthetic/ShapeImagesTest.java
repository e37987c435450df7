package io.github.dl4jnorms.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.datasets.classes.ClassFolder;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ShapeImagesTest {

    @TempDir
    Path temp;

    @Test
    void makesAFolderByClass() {
        ClassFolder folder = ClassFolder.open(ShapeImages.write(temp.resolve("shapes"), 16, 3, 1));
        assertThat(folder.classNames()).containsExactly(ShapeImages.classNames());
        assertThat(folder.classNames())
                .containsExactly("checkers", "crescent", "cross", "disc", "ring", "square", "stripes", "triangle");
        assertThat(folder.images()).hasSize(24).allSatisfy(image -> {
            BufferedImage pixels = ImageIO.read(image.file().toFile());
            assertThat(pixels.getWidth()).isEqualTo(16);
            assertThat(pixels.getHeight()).isEqualTo(16);
            assertThat(brightness(pixels).max().orElseThrow()).isGreaterThan(0.75);
            assertThat(brightness(pixels).min().orElseThrow()).isLessThan(0.35);
        });
        assertThat(folder.problems()).isEmpty();
    }

    private static DoubleStream brightness(BufferedImage image) {
        return IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .mapToDouble(rgb -> Color.RGBtoHSB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, null)[2]);
    }

    @Test
    void equalSeedsGiveEqualFilesHoweverManyThereAre() throws IOException {
        Path one = ShapeImages.write(temp.resolve("one"), 16, 3, 5);
        Path more = ShapeImages.write(temp.resolve("more"), 16, 4, 5);
        Path other = ShapeImages.write(temp.resolve("other"), 16, 3, 6);
        for (String name : new String[] {"disc/00000.png", "triangle/00002.png"}) {
            assertThat(more.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
            assertThat(Files.readAllBytes(other.resolve(name))).isNotEqualTo(Files.readAllBytes(one.resolve(name)));
        }
        assertThat(Files.readAllBytes(one.resolve("disc/00000.png")))
                .isNotEqualTo(Files.readAllBytes(one.resolve("disc/00001.png")));
    }

    /** A signed distance changes by at most what the point moves by, and by just that nearly everywhere. */
    @ParameterizedTest
    @EnumSource(Shape.class)
    void distancesAreDistances(Shape shape) {
        double step = 1e-4;
        int exact = 0;
        for (int i = 0; i < 400; i++) {
            double x = -1.3 + 2.6 * (i % 20) / 19 + 0.003;
            double y = -1.3 + 2.6 * (i / 20) / 19 + 0.007;
            double dx = (shape.distance(x + step, y) - shape.distance(x - step, y)) / (2 * step);
            double dy = (shape.distance(x, y + step) - shape.distance(x, y - step)) / (2 * step);
            assertThat(Math.hypot(dx, dy)).isLessThan(1.01);
            exact += Math.hypot(dx, dy) > 0.99 ? 1 : 0;
        }
        assertThat(exact).isGreaterThan(360);
    }

    @ParameterizedTest
    @CsvSource({
        "DISC,     0,     0,   -0.95",
        "DISC,     1.95,  0,    1",
        "RING,     0.78,  0,   -0.22",
        "RING,     0,     0,    0.56",
        "SQUARE,   0,     0,   -0.95",
        "SQUARE,   1.25,  1.35, 0.5",
        "CROSS,    0.9,   0,   -0.1",
        "CROSS,    0.6,   0.7,  0.3",
        "TRIANGLE, 0,     0.55, 0",
        "TRIANGLE, 0,    -0.9, -0.1",
        "CRESCENT,-0.625, 0,   -0.375",
        "CRESCENT, 0.5,   0,    0.75",
        "STRIPES,  1.05,  7,    0",
        "STRIPES,  0,     7,   -0.35",
        "STRIPES,  0.7,   7,    0.35",
        "CHECKERS, 0,     0,    0.35",
        "CHECKERS, 0.7,   0,   -0.35",
        "CHECKERS, 0.7,   0.7,  0.35",
    })
    void distancesByHand(Shape shape, double x, double y, double distance) {
        assertThat(shape.distance(x, y)).isCloseTo(distance, within(1e-9));
    }

    @Test
    void refusesWhatItCannotMake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShapeImages.write(temp.resolve("a"), 7, 1, 0))
                .withMessage("imageSize: takes at least 8, received 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShapeImages.write(temp.resolve("a"), 8, 0, 0))
                .withMessage("perClass: takes at least 1, received 0");
    }
}
