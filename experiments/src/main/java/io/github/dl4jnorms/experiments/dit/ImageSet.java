package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.datasets.classes.ClassFolder;
import io.github.dl4jnorms.datasets.classes.ClassRecordReader;
import io.github.dl4jnorms.datasets.images.Problem;
import io.github.dl4jnorms.datasets.synthetic.ShapeImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The images to learn from, by class, of one size, with values from −1 to 1.
 *
 * @param train    seven of eight
 * @param test     each class's eighth, sixteenth and so on, to test classifier and losses on
 * @param problems what was left out
 */
record ImageSet(List<String> classNames, int size, Part train, Part test, List<Problem> problems) {
    private static final int TEST_EVERY = 8;
    private static final int READ_AT_ONCE = 256;
    static final int CHANNELS = 3;

    /** Images {@code [3 · size²]} and their classes. */
    record Part(int size, List<float[]> images, List<Integer> labels) {
        int count() {
            return images.size();
        }

        /** {@code [N, 3, size, size]}. */
        INDArray array(int... indices) {
            int pixels = CHANNELS * size * size;
            float[] values = new float[indices.length * pixels];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(images.get(indices[i]), 0, values, i * pixels, pixels);
            }
            return Nd4j.create(values, new long[] {indices.length, CHANNELS, size, size}, 'c');
        }

        /** The indices of a class's images. */
        int[] of(int label) {
            return IntStream.range(0, count())
                    .filter(i -> labels.get(i) == label)
                    .toArray();
        }
    }

    /**
     * Reads the folder of the settings, or makes one in {@code out}, which stays for the next time.
     *
     * @throws IllegalArgumentException in one line, if the folder is of no use
     */
    static ImageSet load(DitSettings settings, Path out) throws IOException {
        Path dir = settings.data() == null ? made(settings, out.resolve("data")) : Path.of(settings.data());
        ClassFolder folder = ClassFolder.open(dir);
        int classes = folder.classNames().size();
        if (classes < 2) {
            throw new IllegalArgumentException(
                    "takes at least 2 classes, a folder for each, received " + classes + " in " + dir);
        }
        ClassRecordReader reader = new ClassRecordReader(folder, settings.imageSize());
        Part train = new Part(settings.imageSize(), new ArrayList<>(), new ArrayList<>());
        Part test = new Part(settings.imageSize(), new ArrayList<>(), new ArrayList<>());
        int[] counts = new int[classes];
        if (reader.hasNext()) {
            DataSetIterator batches = new RecordReaderDataSetIterator.Builder(reader, READ_AT_ONCE)
                    .classification(1, classes)
                    .preProcessor(new ImagePreProcessingScaler(-1, 1))
                    .build();
            while (batches.hasNext()) {
                DataSet batch = batches.next();
                int[] labels = batch.getLabels().argMax(1).toIntVector();
                for (int i = 0; i < labels.length; i++) {
                    Part part = ++counts[labels[i]] % TEST_EVERY == 0 ? test : train;
                    part.images()
                            .add(batch.getFeatures().slice(i).dup('c').data().asFloat());
                    part.labels().add(labels[i]);
                }
            }
        }
        for (int label = 0; label < classes; label++) {
            if (counts[label] < TEST_EVERY) {
                throw new IllegalArgumentException("takes at least " + TEST_EVERY + " images of each class, received "
                        + counts[label] + " that can be read in "
                        + dir.resolve(folder.classNames().get(label)));
            }
        }
        return new ImageSet(folder.classNames(), settings.imageSize(), train, test, reader.problems());
    }

    /** The folder's name holds all that its content depends on; it has that name only once it is complete. */
    private static Path made(DitSettings settings, Path parent) throws IOException {
        Path folder = parent.resolve(
                "shapes-%dpx-%d-seed%d".formatted(settings.imageSize(), settings.perClass(), settings.seed()));
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(parent);
            ShapeImages.write(folder, settings.imageSize(), settings.perClass(), settings.seed());
        }
        return folder;
    }

    int classes() {
        return classNames.size();
    }

    /** The label that says: no class. */
    int noClass() {
        return classes();
    }
}
