package io.github.dl4jnorms.datasets.detection;

import static io.github.dl4jnorms.datasets.detection.TinyVoc.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.datasets.images.TestImages;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.datavec.api.split.CollectionInputSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class VocRecordReaderTest {

    @TempDir
    Path temp;

    private List<VocImage> images;
    private VocRecordReader reader;

    @BeforeEach
    void threeImages() {
        TinyVoc voc = new TinyVoc(temp)
                .good("a")
                .jpeg("b", 60, 40)
                .xml("b")
                .jpeg("c", 16, 16)
                .xml("c", object("dot", 1, 1, 8, 16), object("cell", 9, 9, 16, 16))
                .split("train", "a", "b", "c");
        VocFolder folder = voc.open();
        images = folder.split("train", 0);
        reader = new VocRecordReader(images, folder.classNames(), 32);
    }

    @Test
    void resizesTheImageAndItsBoxes() {
        List<Writable> record = reader.next();

        assertThat(array(record, 0).shape()).containsExactly(1, 3, 32, 32);
        // x 10 to 30 of 60, y 5 to 25 of 40
        assertThat(array(record, 1).toFloatVector())
                .containsExactly(new float[] {10 * 32 / 60f, 4, 30 * 32 / 60f, 20, 0, 0}, within(1e-4f));
    }

    @Test
    void channelsAreRedGreenBlue() {
        INDArray image = array(reader.next(), 0);

        assertThat(pixel(image, 4, 4)).containsExactly(new float[] {100, 0, 0}, within(12f));
        assertThat(pixel(image, 28, 4)).containsExactly(new float[] {0, 100, 0}, within(12f));
        assertThat(pixel(image, 4, 28)).containsExactly(new float[] {200, 0, 0}, within(12f));
        assertThat(pixel(image, 28, 28)).containsExactly(new float[] {0, 200, 0}, within(12f));
    }

    @Test
    void anImageWithoutObjectsHasAnEmptyArrayOfBoxes() {
        reader.next();
        assertThat(array(reader.next(), 1).shape()).containsExactly(0, 6);
    }

    @Test
    void boxesGrowWithTheImage() {
        reader.next();
        reader.next();
        assertThat(array(reader.next(), 1).data().asFloat())
                .containsExactly(0, 0, 16, 32, 1, 0, /* then the cell */ 16, 16, 32, 32, 0, 0);
        assertThat(reader.getLabels()).containsExactly("cell", "dot");
        assertThat(reader.hasNext()).isFalse();
        reader.reset();
        assertThat(reader.hasNext()).isTrue();
    }

    @Test
    void aSplitNarrowsIt() throws IOException, InterruptedException {
        URI c = images.get(2).file().toUri();
        reader.initialize(new CollectionInputSplit(List.of(c)));

        assertThat(reader.nextRecord().getMetaData().getURI()).isEqualTo(c);
        assertThat(reader.hasNext()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.initialize(new CollectionInputSplit(List.of(URI.create("file:/x.jpg")))))
                .withMessageContaining("file:/x.jpg");
    }

    @Test
    void aStreamGivesTheSameRecordAsTheFile() throws IOException {
        Path file = images.get(0).file();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            assertThat(array(reader.record(file.toUri(), in), 0)).isEqualTo(array(reader.next(), 0));
        }
    }

    /** DataVec's own resizing would look at every fourth pixel only and see stripes as a plain colour. */
    @Test
    void shrinkingAveragesPixels() throws IOException {
        BufferedImage stripes = TestImages.picture(64, 64);
        for (int i = 0; i < 64 * 64; i++) {
            stripes.setRGB(i % 64, i / 64, i % 4 == 0 ? 0xffffff : 0);
        }
        Path file = temp.resolve("stripes.png");
        Files.write(file, TestImages.encode("png", stripes));
        VocImage image = new VocImage("stripes", file, 64, 64, List.of());
        INDArray resized = array(new VocRecordReader(List.of(image), List.of("x"), 16).next(), 0);

        assertThat(resized.minNumber().floatValue()).isEqualTo(64);
        assertThat(resized.maxNumber().floatValue()).isEqualTo(64);
    }

    @Test
    void refusesImagesItCannotTellApartOrLabel() {
        VocImage twin = new VocImage("twin", images.get(0).file(), 60, 40, List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VocRecordReader(List.of(images.get(0), twin), List.of("cell"), 32))
                .withMessageContaining("a.jpg");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VocRecordReader(images, List.of("cell"), 32))
                .withMessageContaining("'dot'");
    }

    private static INDArray array(List<Writable> record, int i) {
        return ((NDArrayWritable) record.get(i)).get();
    }

    private static float[] pixel(INDArray image, int x, int y) {
        return new float[] {image.getFloat(0, 0, y, x), image.getFloat(0, 1, y, x), image.getFloat(0, 2, y, x)};
    }
}
