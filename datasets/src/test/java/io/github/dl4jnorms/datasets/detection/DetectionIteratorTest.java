package io.github.dl4jnorms.datasets.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.synthetic.CellImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.AsyncMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

class DetectionIteratorTest {

    private static final int SIZE = 64;
    private static ResizedImages images;
    private static List<VocImage> files;

    @BeforeAll
    static void elevenImages(@TempDir Path temp) {
        VocFolder folder = VocFolder.open(CellImages.write(temp.resolve("cells"), SIZE, 11, 1, 5));
        files = folder.split("train", 0);
        images = new ResizedImages(files, folder.classNames(), SIZE);
    }

    @Test
    void aBatchHoldsImagesTargetsAndWeights() {
        MultiDataSet batch = evaluation(4).next();

        assertThat(batch.getFeatures()).hasSize(1);
        assertThat(batch.getFeatures(0).shape()).containsExactly(4, 3, SIZE, SIZE);
        assertThat(batch.getLabels()).hasSize(5);
        for (int level = 0; level < 5; level++) {
            int side = Math.max(1, SIZE / (8 << level));
            assertThat(batch.getLabels(level).shape()).containsExactly(4, 8, side, side);
            assertThat(batch.getLabelsMaskArrays()[level].shape()).containsExactly(4, 1, side, side);
        }
        assertThat(batch.getFeaturesMaskArrays()).isNull();
        List<INDArray> arrays = new ArrayList<>(List.of(batch.getFeatures()));
        arrays.addAll(List.of(batch.getLabels()));
        arrays.addAll(List.of(batch.getLabelsMaskArrays()));
        assertThat(arrays).allSatisfy(array -> {
            assertThat(array.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(array.ordering()).isEqualTo('c');
            assertThat(array.isAttached()).isFalse();
        });
    }

    @Test
    void eachExampleIsItsOwnImageWithItsOwnTargets() {
        MultiDataSet batch = evaluation(4).next();
        List<DetectionExample> examples = batch.getExampleMetaData(DetectionExample.class);

        for (int i = 0; i < 4; i++) {
            DetectionExample example = examples.get(i);
            assertThat(example.id()).isEqualTo(files.get(i).id());
            assertThat(example.boxes()).isEqualTo(files.get(i).boxes());
            FcosTargets.Encoded encoded = new FcosTargets(3).encode(example.boxes(), images.classNames(), SIZE, SIZE);
            assertThat(row(batch.getLabels(0), i)).containsExactly(encoded.labels()[0]);
            assertThat(row(batch.getLabelsMaskArrays()[0], i)).containsExactly(encoded.weights()[0]);
        }
    }

    @Test
    void picturesSurviveStandardization() throws IOException {
        MultiDataSet batch = evaluation(2).next();
        BufferedImage onDisk = ImageFile.read(files.get(1).file());
        BufferedImage picture = Pixels.picture(batch.getFeatures(0), 1);

        assertThat(picture.getRGB(10, 20)).isEqualTo(onDisk.getRGB(10, 20));
        float red = (onDisk.getRGB(10, 20) >> 16 & 0xff) / 255f;
        assertThat(batch.getFeatures(0).getFloat(1, 0, 20, 10)).isCloseTo((red - 0.485f) / 0.229f, within(1e-5f));
    }

    @Test
    void theLastPartialBatchIsKept() {
        DetectionIterator iterator = evaluation(4);

        assertThat(iterator.batches()).isEqualTo(3);
        assertThat(iterator.next().getFeatures(0).size(0)).isEqualTo(4);
        assertThat(iterator.next().getFeatures(0).size(0)).isEqualTo(4);
        assertThat(iterator.next().getLabels(4).size(0)).isEqualTo(3);
        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void flipsTurnImageAndBoxesAlike() {
        DetectionIterator plain = evaluation(11);
        MultiDataSet unflipped = plain.next();
        DetectionIterator iterator = DetectionIterator.builder(images)
                .batchSize(11)
                .augment(true)
                .seed(3)
                .build();
        Set<List<Boolean>> seen = new HashSet<>();
        for (int epoch = 0; epoch < 3; epoch++, iterator.reset()) {
            MultiDataSet batch = iterator.next();
            List<DetectionExample> examples = batch.getExampleMetaData(DetectionExample.class);
            for (int i = 0; i < 11; i++) {
                BufferedImage picture = Pixels.picture(batch.getFeatures(0), i);
                BufferedImage original = Pixels.picture(unflipped.getFeatures(0), i);
                boolean matched = false;
                for (boolean horizontal : new boolean[] {false, true}) {
                    for (boolean vertical : new boolean[] {false, true}) {
                        if (isFlip(original, picture, horizontal, vertical)) {
                            matched = true;
                            seen.add(List.of(horizontal, vertical));
                            List<BoxAnnotation> expected = files.get(i).boxes().stream()
                                    .map(box -> horizontal ? box.flippedHorizontally(SIZE) : box)
                                    .map(box -> vertical ? box.flippedVertically(SIZE) : box)
                                    .toList();
                            assertThat(examples.get(i).boxes()).isEqualTo(expected);
                        }
                    }
                }
                assertThat(matched).isTrue();
            }
        }
        assertThat(seen).hasSize(4);
    }

    @Test
    void orderDependsOnSeedAndEpochOnly() {
        DetectionIterator one = training(1, 9);
        DetectionIterator four = training(4, 9);
        List<String> first = ids(one);
        one.reset();
        // an epoch broken off
        four.next();
        four.reset();
        List<String> second = ids(one);

        assertThat(ids(four)).isEqualTo(second);
        assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
        assertThat(ids(training(2, 9))).isEqualTo(first);
        assertThat(ids(training(2, 10))).isNotEqualTo(first);
    }

    @Test
    void withoutShufflingTheOrderIsTheSplits() {
        DetectionIterator iterator = evaluation(3);
        List<String> order = files.stream().map(VocImage::id).toList();

        assertThat(ids(iterator)).isEqualTo(order);
        iterator.reset();
        assertThat(ids(iterator)).isEqualTo(order);
    }

    /** As ComputationGraph.fit does it, with the prefetching thread's workspace. */
    @Test
    void prefetchingChangesNothing() {
        AsyncMultiDataSetIterator async = new AsyncMultiDataSetIterator(training(2, 4), 2, true);
        List<MultiDataSet> prefetched = new ArrayList<>();
        while (async.hasNext()) {
            prefetched.add(async.next());
        }
        async.shutdown();
        MultiDataSetIterator direct = training(2, 4);
        for (MultiDataSet batch : prefetched) {
            MultiDataSet expected = direct.next();
            assertThat(batch.getFeatures(0)).isEqualTo(expected.getFeatures(0));
            assertThat(batch.getLabels(0)).isEqualTo(expected.getLabels(0));
            assertThat(batch.getExampleMetaData()).isEqualTo(expected.getExampleMetaData());
        }
        assertThat(direct.hasNext()).isFalse();
    }

    @Test
    void imagesBeyondTheCacheAreReadAgain() {
        ResizedImages uncached = new ResizedImages(files, images.classNames(), SIZE, 3L * SIZE * SIZE * 2 + 1);

        assertThat(DetectionIterator.builder(uncached)
                        .batchSize(11)
                        .build()
                        .next()
                        .getFeatures(0))
                .isEqualTo(evaluation(11).next().getFeatures(0));
    }

    @Test
    void aFileGoneBadIsNamedAtOnce(@TempDir Path temp) {
        VocImage gone = new VocImage("gone", temp.resolve("gone.jpg"), 8, 8, List.of());

        assertThat(Files.exists(gone.file())).isFalse();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new ResizedImages(List.of(gone), List.of("x"), SIZE))
                .withMessageContaining("gone.jpg");
    }

    @Test
    void refusesArgumentsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DetectionIterator.builder(images).batchSize(0))
                .withMessageContaining("batchSize")
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DetectionIterator.builder(images).targets(new FcosTargets(2)))
                .withMessageContaining("3 classes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResizedImages(List.of(), List.of("x"), SIZE))
                .withMessageContaining("images");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResizedImages(files, images.classNames(), 0))
                .withMessageContaining("size");
    }

    private static DetectionIterator evaluation(int batchSize) {
        return DetectionIterator.builder(images).batchSize(batchSize).build();
    }

    private static DetectionIterator training(int batchSize, long seed) {
        return DetectionIterator.builder(images)
                .batchSize(batchSize)
                .augment(true)
                .shuffle(true)
                .seed(seed)
                .build();
    }

    /** The rest of the epoch. */
    private static List<String> ids(DetectionIterator iterator) {
        List<String> ids = new ArrayList<>();
        while (iterator.hasNext()) {
            iterator.next().getExampleMetaData(DetectionExample.class).forEach(example -> ids.add(example.id()));
        }
        return ids;
    }

    private static float[] row(INDArray array, int i) {
        int length = (int) (array.length() / array.size(0));
        return Arrays.copyOfRange(array.data().asFloat(), i * length, (i + 1) * length);
    }

    private static boolean isFlip(BufferedImage from, BufferedImage to, boolean horizontal, boolean vertical) {
        for (int i = 0; i < SIZE * SIZE; i++) {
            int x = i % SIZE;
            int y = i / SIZE;
            int fromX = horizontal ? SIZE - 1 - x : x;
            int fromY = vertical ? SIZE - 1 - y : y;
            if (from.getRGB(fromX, fromY) != to.getRGB(x, y)) {
                return false;
            }
        }
        return true;
    }
}
