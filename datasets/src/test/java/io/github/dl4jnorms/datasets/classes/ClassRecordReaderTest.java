package io.github.dl4jnorms.datasets.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.datasets.images.Problem;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import javax.imageio.ImageIO;
import org.datavec.api.split.CollectionInputSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class ClassRecordReaderTest {

    @TempDir
    Path dir;

    private Path red;
    private Path wide;

    /** Red and a wide image in {@code b}, a grey one in {@code a}. */
    @BeforeEach
    void images() throws IOException {
        Files.createDirectories(dir.resolve("a"));
        Files.createDirectories(dir.resolve("b"));
        write(dir.resolve("a/grey.png"), new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), Color.GRAY, "png");
        red = write(dir.resolve("b/red.png"), new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB), Color.RED, "png");
        BufferedImage halves = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = halves.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(20, 0, 20, 20);
        graphics.dispose();
        wide = dir.resolve("b/wide.png");
        ImageIO.write(halves, "png", wide.toFile());
    }

    private static Path write(Path file, BufferedImage image, Color color, String format) throws IOException {
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.dispose();
        ImageIO.write(image, format, file.toFile());
        return file;
    }

    private static List<List<Writable>> all(ClassRecordReader reader) {
        List<List<Writable>> records = new ArrayList<>();
        while (reader.hasNext()) {
            records.add(reader.next());
        }
        return records;
    }

    private static INDArray image(List<Writable> record) {
        return ((NDArrayWritable) record.get(0)).get();
    }

    @Test
    void readsSquaresAndClasses() {
        ClassRecordReader reader = new ClassRecordReader(ClassFolder.open(dir), 4);
        List<List<Writable>> records = all(reader);
        assertThat(reader.getLabels()).containsExactly("a", "b");
        assertThat(records).extracting(record -> record.get(1).toInt()).containsExactly(0, 1, 1);
        assertThat(reader.problems()).isEmpty();
        assertThat(image(records.get(1)).shape()).containsExactly(1, 3, 4, 4);
        assertThat(image(records.get(0)).getFloat(0, 2, 1, 1)).isCloseTo(128, within(1f));
        assertThat(image(records.get(1)).getFloat(0, 0, 2, 3)).isEqualTo(255);
        assertThat(image(records.get(1)).getFloat(0, 2, 2, 3)).isZero();
        // the middle square of 40 × 20 is half black, half blue
        float[] blue = image(records.get(2)).ravel().toFloatVector();
        assertThat(Arrays.copyOfRange(blue, 32, 36)).containsExactly(0, 0, 255, 255);
        assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void readsAgainAndNarrowed() throws Exception {
        ClassRecordReader reader = new ClassRecordReader(ClassFolder.open(dir), 4);
        assertThat(reader.hasNext()).isTrue();
        assertThat(all(reader)).hasSize(3);
        reader.reset();
        assertThat(all(reader)).hasSize(3);
        reader.initialize(new CollectionInputSplit(List.of(wide.toUri(), red.toUri())));
        assertThat(all(reader)).hasSize(2);
        URI stranger = dir.resolve("c.png").toUri();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.initialize(new CollectionInputSplit(List.of(stranger))))
                .withMessageContaining("takes one of this reader's 3 files")
                .withMessageContaining("c.png");
    }

    @Test
    void whatIsNoImageIsNamedAndLeftOut() throws IOException {
        Path text = Files.writeString(dir.resolve("a/notes.txt"), "no image");
        byte[] whole = Files.readAllBytes(write(
                dir.resolve("b/cut.jpg"), new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), Color.RED, "jpg"));
        Path cut = Files.write(dir.resolve("b/cut.jpg"), Arrays.copyOf(whole, whole.length - 40));
        Path empty = Files.createFile(dir.resolve("b/zero.png"));
        Path loose = Files.writeString(dir.resolve("README"), "about these images");
        Path nested = Files.createDirectory(dir.resolve("b/more"));
        ClassRecordReader reader = new ClassRecordReader(ClassFolder.open(dir), 4);
        assertThat(all(reader)).hasSize(3);
        reader.reset();
        assertThat(all(reader)).hasSize(3);
        assertThat(reader.problems())
                .extracting(Problem::file)
                .containsExactlyInAnyOrder(text, cut, empty, loose, nested);
        assertThat(reader.problems())
                .allSatisfy(problem -> assertThat(problem.reason()).endsWith("skipped"));
    }

    @Test
    void refusesWhatIsNoFolderOfClasses() throws IOException {
        Path none = dir.resolve("none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassFolder.open(none))
                .withMessage("no such folder: " + none);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassFolder.open(red))
                .withMessage("not a folder: " + red);
        Path flat = Files.createDirectory(dir.resolve("flat"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassFolder.open(flat))
                .withMessage("no images by class (CLASS/IMAGE) in " + flat);
        ClassFolder folder = ClassFolder.open(dir);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassRecordReader(folder, 0))
                .withMessage("size: takes at least 1 pixel, received 0");
    }
}
