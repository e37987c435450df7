package io.github.dl4jnorms.datasets.images;

import java.util.NoSuchElementException;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of a content and a style for each example: two features, each float32 {@code [N, 3, size, size]}, RGB from 0 to 1,
 * and no labels. The arrays belong to no workspace, so asynchronous prefetching is supported.
 *
 * <p>An epoch is as many batches as asked for. {@link #reset()} goes back to the first, {@link #seek} to any: what a batch
 * holds depends on its number, the seeds and the pictures only. Not thread-safe.
 */
public final class ImagePairIterator implements MultiDataSetIterator {

    private final transient CropRecordReader contents;
    private final transient CropRecordReader styles;
    private final int batchSize;
    private final long batches;
    private long position;
    private MultiDataSetPreProcessor preProcessor;

    /**
     * @param contents read from the first record on
     * @param styles as well; its crops have the contents' size
     * @param batchSize pairs per batch, at least 1
     * @param batches batches per epoch, at least 1
     */
    public ImagePairIterator(CropRecordReader contents, CropRecordReader styles, int batchSize, long batches) {
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
        this.batchSize = batchSize;
        this.batches = batches;
        seek(0);
    }

    /** Goes to batch i of the epoch, from 0. */
    public void seek(long batch) {
        position = batch;
        contents.seek(batch * batchSize);
        styles.seek(batch * batchSize);
    }

    @Override
    public boolean hasNext() {
        return position < batches;
    }

    @Override
    public MultiDataSet next() {
        return next(batchSize);
    }

    @Override
    public MultiDataSet next(int num) {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch's " + batches + " batches are read: reset() begins another");
        }
        MultiDataSet batch = new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {crops(contents, num), crops(styles, num)}, null);
        position++;
        if (preProcessor != null) {
            preProcessor.preProcess(batch);
        }
        return batch;
    }

    /** In no workspace: the prefetching thread's is recycled while the batch still waits to be used. */
    private static INDArray crops(CropRecordReader reader, int number) {
        int size = reader.size();
        float[] values = new float[number * 3 * size * size];
        int to = 0;
        for (int i = 0; i < number; i++) {
            for (byte value : reader.nextPixels()) {
                values[to++] = (value & 0xff) / 255f;
            }
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(values, new long[] {number, 3, size, size}, 'c');
        }
    }

    @Override
    public void reset() {
        seek(0);
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return true;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public MultiDataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }
}
