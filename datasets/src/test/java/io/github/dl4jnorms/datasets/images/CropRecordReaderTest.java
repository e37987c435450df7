package io.github.dl4jnorms.datasets.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.writable.NDArrayWritable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class CropRecordReaderTest {
    private static final int LEAST = 16;

    @TempDir
    Path dir;

    @BeforeEach
    void pictures() throws IOException {
        save("a.png", TestImages.picture(120, 40));
        save("b.JPG", TestImages.picture(30, 90));
        save("below/c.png", TestImages.picture(64, 64));
    }

    private void save(String name, BufferedImage image) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, TestImages.encode(name.endsWith("png") ? "png" : "jpeg", image));
    }

    private CropRecordReader reader(long seed) {
        return new CropRecordReader(ImageFolder.open(dir, LEAST), 24, seed);
    }

    private static INDArray next(CropRecordReader reader) {
        return ((NDArrayWritable) reader.next().get(0)).get();
    }

    @Test
    void aFoldersPicturesAreFoundAndTheOthersNamed() throws IOException {
        Files.writeString(dir.resolve("text.png"), "no picture");
        Files.writeString(dir.resolve("README.md"), "no picture either");
        save("dot.png", new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));

        ImageFolder folder = ImageFolder.open(dir, LEAST);
        assertThat(folder.files())
                .containsExactly(dir.resolve("a.png"), dir.resolve("b.JPG"), dir.resolve("below/c.png"));
        assertThat(folder.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        dir.resolve("dot.png")
                                + ": left out: takes pictures of at least 16 pixels each way, received 1×1",
                        dir.resolve("text.png")
                                + ": left out: not an image of a kind that can be read, as JPEG and PNG are");
    }

    @Test
    void aFolderWithoutPicturesIsRefused() throws IOException {
        Path empty = Files.createDirectory(dir.resolve("empty"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFolder.open(empty, LEAST))
                .withMessage("no picture that can be used in " + empty);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFolder.open(dir.resolve("none"), LEAST))
                .withMessage("no such folder: " + dir.resolve("none"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFolder.open(dir.resolve("a.png"), LEAST))
                .withMessage("not a folder: " + dir.resolve("a.png"));
    }

    @Test
    void aCropIsAPieceOfThePicture() {
        CropRecordReader reader = reader(1);
        for (int i = 0; i < 12; i++) {
            INDArray crop = next(reader);
            assertThat(crop.shape()).containsExactly(1, 3, 24, 24);
            assertThat(crop.maxNumber().doubleValue()).isBetween(95.0, 210.0);
            assertThat(crop.minNumber().doubleValue()).isBetween(0.0, 10.0);
            assertThat(crop.meanNumber().doubleValue()).isBetween(30.0, 70.0);
        }
    }

    @Test
    void recordsDependOnSeedAndNumberOnly() {
        CropRecordReader one = reader(7);
        List<INDArray> first = List.of(next(one), next(one), next(one), next(one), next(one));
        CropRecordReader other = reader(7);
        other.seek(3);
        assertThat(next(other)).isEqualTo(first.get(3));
        assertThat(next(other)).isEqualTo(first.get(4));
        other.reset();
        assertThat(next(other)).isEqualTo(first.get(0));
        assertThat(next(reader(8))).isNotEqualTo(first.get(0));
        assertThat(first.get(3)).isNotEqualTo(first.get(0));
    }

    @Test
    void aPictureThatIsDamagedIsSaidAndTakenOut() throws IOException {
        byte[] whole = TestImages.encode("jpeg", TestImages.picture(60, 60));
        Path cut = Files.write(dir.resolve("cut.jpg"), Arrays.copyOf(whole, whole.length - 200));
        ImageFolder folder = ImageFolder.open(dir, LEAST);
        assertThat(folder.files()).contains(cut);

        CropRecordReader reader = new CropRecordReader(folder, 24, 3);
        for (int i = 0; i < 8; i++) {
            assertThat(next(reader).maxNumber().doubleValue()).isPositive();
        }
        assertThat(folder.files()).hasSize(3).doesNotContain(cut);
        assertThat(folder.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).startsWith(cut + ": left out: "));
    }

    @Test
    void whenNoPictureIsLeftThatIsSaid() throws IOException {
        Path damaged = Files.createDirectory(dir.resolve("damaged"));
        byte[] whole = TestImages.encode("png", TestImages.picture(60, 60));
        Files.write(damaged.resolve("cut.png"), Arrays.copyOf(whole, whole.length - 40));
        CropRecordReader reader = new CropRecordReader(ImageFolder.open(damaged, LEAST), 24, 3);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(reader::next)
                .withMessage("no picture that can be read is left in " + damaged);
    }

    @Test
    void pairsComeInBatches() {
        ImagePairIterator pairs = new ImagePairIterator(reader(1), reader(2), 2, 3);
        assertThat(pairs.next().getFeatures()).hasSize(2);
        MultiDataSet second = pairs.next();
        assertThat(second.getFeatures(0).shape()).containsExactly(2, 3, 24, 24);
        assertThat(second.getFeatures(0)).isNotEqualTo(second.getFeatures(1));
        assertThat(second.getFeatures(0).maxNumber().doubleValue()).isBetween(0.3, 1.0);

        CropRecordReader contents = reader(1);
        contents.seek(2);
        assertThat(second.getFeatures(0).slice(0).mul(255))
                .isEqualTo(next(contents).slice(0));
        pairs.seek(1);
        assertThat(pairs.next().getFeatures(1)).isEqualTo(second.getFeatures(1));
        assertThat(pairs.hasNext()).isTrue();
        pairs.next();
        assertThat(pairs.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(pairs::next);
    }

    @Test
    void pairsTakeOneSize() {
        CropRecordReader other = new CropRecordReader(ImageFolder.open(dir, LEAST), 32, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImagePairIterator(reader(1), other, 2, 3))
                .withMessage("styles: takes crops of the contents' 24 pixels, received 32");
    }
}
