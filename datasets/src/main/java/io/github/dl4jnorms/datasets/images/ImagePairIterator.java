package io.github.dl4jnorms.datasets.images;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Batches of a content and a style for each example: two features, each float32 {@code [N, 3, size, size]}, RGB from 0 to 1,
 * and no labels.
 *
 * <p>An epoch is as many batches as asked for. {@link #reset()} goes back to the first, {@link #seek} to any: what a batch
 * holds depends on its number, the seeds and the pictures only.
 */
public final class ImagePairIterator extends BatchIterator {

    private final transient CropRecordReader contents;
    private final transient CropRecordReader styles;
    private final long batches;
    private long position;

    /**
     * @param contents read from the first record on
     * @param styles as well; its crops have the contents' size
     * @param batchSize pairs per batch, at least 1
     * @param batches batches per epoch, at least 1
     */
    public ImagePairIterator(CropRecordReader contents, CropRecordReader styles, int batchSize, long batches) {
        super(batchSize);
        if (contents.size() != styles.size()) {
            throw new IllegalArgumentException(
                    "styles: takes crops of the contents' " + contents.size() + " pixels, received " + styles.size());
        }
        if (batchSize < 1 || batches < 1) {
            throw new IllegalArgumentException(
                    "batchSize, batches: take numbers from 1 up, received " + batchSize + ", " + batches);
        }
        this.contents = contents;
        this.styles = styles;
        this.batches = batches;
        seek(0);
    }

    /** Goes to batch i of the epoch, from 0. */
    public void seek(long batch) {
        position = batch;
        contents.seek(batch * batchSize());
        styles.seek(batch * batchSize());
    }

    @Override
    public boolean hasNext() {
        return position < batches;
    }

    @Override
    protected MultiDataSet batch(int pairs) {
        position++;
        return new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {crops(contents, pairs), crops(styles, pairs)}, null);
    }

    private static INDArray crops(CropRecordReader reader, int number) {
        int size = reader.size();
        float[] values = new float[number * 3 * size * size];
        int to = 0;
        for (int i = 0; i < number; i++) {
            for (byte value : reader.nextPixels()) {
                values[to++] = (value & 0xff) / 255f;
            }
        }
        return array(values, number, 3, size, size);
    }

    @Override
    public void reset() {
        seek(0);
    }
}
