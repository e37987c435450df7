package io.github.dl4jnorms.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.images.ImageFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MadePicturesTest {
    @TempDir
    Path dir;

    enum Maker {
        SCENES {
            @Override
            Path write(Path dir, int size, int count, long seed) {
                return SceneImages.write(dir, size, count, seed);
            }
        },
        TEXTURES {
            @Override
            Path write(Path dir, int size, int count, long seed) {
                return TextureImages.write(dir, size, count, seed);
            }
        };

        abstract Path write(Path dir, int size, int count, long seed);
    }

    @ParameterizedTest
    @EnumSource
    void picturesDependOnTheSeedAndTheirNumberOnly(Maker maker) throws IOException {
        List<Path> six = files(maker.write(dir.resolve("six"), 48, 6, 1));
        List<Path> seven = files(maker.write(dir.resolve("seven"), 48, 7, 1));
        List<Path> other = files(maker.write(dir.resolve("other"), 48, 6, 2));
        for (int i = 0; i < 6; i++) {
            assertThat(seven.get(i))
                    .hasSameBinaryContentAs(six.get(i))
                    .hasFileName(six.get(i).getFileName().toString());
            assertThat(Files.mismatch(six.get(i), other.get(i))).isNotNegative();
        }
    }

    private static List<Path> files(Path folder) {
        return ImageFolder.open(folder, 48).files();
    }

    /** Something is to be seen in each: no plain area, not all black or white. */
    @ParameterizedTest
    @EnumSource
    void picturesShowSomething(Maker maker) throws IOException {
        for (Path file : files(maker.write(dir.resolve("some"), 64, 24, 3))) {
            BufferedImage image = ImageFile.read(file);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 64 * 64; i++) {
                int rgb = image.getRGB(i % 64, i / 64);
                double grey = ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3.0;
                sum += grey;
                squares += grey * grey;
            }
            double mean = sum / (64 * 64);
            assertThat(mean).as("%s", file).isBetween(15.0, 240.0);
            assertThat(Math.sqrt(squares / (64 * 64) - mean * mean))
                    .as("%s", file)
                    .isGreaterThan(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongArgumentsAreRefused(Maker maker) throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> maker.write(dir.resolve("x"), 8, 1, 1))
                .withMessage("size must be at least 32, got 8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> maker.write(dir.resolve("x"), 32, 0, 1))
                .withMessage("count must be at least 1, got 0");
        Files.createDirectories(dir.resolve("full/below"));
        assertThatIllegalArgumentException().isThrownBy(() -> maker.write(dir.resolve("full"), 32, 1, 1));
    }
}
