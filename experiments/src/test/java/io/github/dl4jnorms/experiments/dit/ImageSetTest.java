package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.datasets.synthetic.ShapeImages;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImageSetTest {
    @TempDir
    Path folder;

    private ImageSet load(Path data) throws IOException {
        return ImageSet.load(Tiny.settings(data.toString(), 1), folder);
    }

    @Test
    void everyEighthImageOfAClassIsHeldOut() throws IOException {
        ImageSet images = load(ShapeImages.write(folder.resolve("shapes"), 8, 16, 1));
        assertThat(images.classNames()).containsExactly(ShapeImages.classNames());
        assertThat(images.train().count()).isEqualTo(8 * 14);
        assertThat(images.test().count()).isEqualTo(8 * 2);
        assertThat(images.test().labels()).containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        assertThat(images.train().of(3)).hasSize(14);
        INDArray some = images.train().array(0, 100);
        assertThat(some.shape()).containsExactly(2, 3, 8, 8);
        assertThat(some.minNumber().doubleValue()).isBetween(-1.0, -0.5);
        assertThat(some.maxNumber().doubleValue()).isBetween(0.5, 1.0);
        assertThat(images.noClass()).isEqualTo(8);
    }

    @Test
    void madeImagesStay() throws IOException {
        DitSettings settings = Tiny.settings(null, 1);
        ImageSet first = ImageSet.load(settings, folder);
        assertThat(folder.resolve("data/shapes-8px-8-seed1/ring")).isDirectory();
        assertThat(ImageSet.load(settings, folder).train().images().get(5))
                .isEqualTo(first.train().images().get(5));
    }

    @Test
    void whatIsNoImageIsLeftOutAndTooFewAreRefused() throws IOException {
        Path data = ShapeImages.write(folder.resolve("shapes"), 8, 9, 1);
        Path text = Files.writeString(data.resolve("disc/notes.txt"), "no image");
        ImageSet images = load(data);
        assertThat(images.problems()).hasSize(1);
        assertThat(images.problems().get(0).file()).isEqualTo(text);
        Files.writeString(data.resolve("disc/00000.png"), "no image any more");
        Files.writeString(data.resolve("disc/00001.png"), "no image any more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(data))
                .withMessage("takes at least 8 images of each class, received 7 that can be read in "
                        + data.resolve("disc"));
        Path one = Files.createDirectories(folder.resolve("one/class"));
        Files.copy(data.resolve("ring/00000.png"), one.resolve("a.png"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(one.getParent()))
                .withMessageContaining("takes at least 2 classes");
    }

    @Test
    void gridShowsPixelsBesideNames() {
        INDArray row = Nd4j.zeros(2, 3, 1, 1);
        row.slice(0).assign(-1);
        row.putScalar(new int[] {1, 0, 0, 0}, 1);
        row.putScalar(new int[] {1, 1, 0, 0}, -1);
        row.putScalar(new int[] {1, 2, 0, 0}, 1);
        BufferedImage grid = ImageGrid.draw(List.of("name"), List.of(row), List.of("a", "b"));
        int right = grid.getWidth() - 40;
        assertThat(new Color(grid.getRGB(right, grid.getHeight() - 40))).isEqualTo(Color.MAGENTA);
        assertThat(new Color(grid.getRGB(right - 122, grid.getHeight() - 40))).isEqualTo(Color.BLACK);
        assertThat(new Color(grid.getRGB(1, 1))).isEqualTo(Color.WHITE);
    }
}
