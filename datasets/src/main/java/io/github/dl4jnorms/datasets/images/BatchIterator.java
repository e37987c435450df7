package io.github.dl4jnorms.datasets.images;

import java.util.NoSuchElementException;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Batches whose arrays belong to no workspace, so that asynchronous prefetching is supported. Not thread-safe. */
public abstract class BatchIterator implements MultiDataSetIterator {

    private final int batchSize;
    private MultiDataSetPreProcessor preProcessor;

    /** Of so many examples each. */
    protected BatchIterator(int batchSize) {
        this.batchSize = batchSize;
    }

    protected final int batchSize() {
        return batchSize;
    }

    /** Makes a batch of as many examples as asked for, at least 1, or as are left. */
    protected abstract MultiDataSet batch(int examples);

    @Override
    public final MultiDataSet next() {
        return next(batchSize);
    }

    @Override
    public final MultiDataSet next(int num) {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch is read: reset() begins another");
        }
        if (num < 1) {
            throw new IllegalArgumentException("num: takes at least 1, received " + num);
        }
        MultiDataSet batch = batch(num);
        if (preProcessor != null) {
            preProcessor.preProcess(batch);
        }
        return batch;
    }

    /** In no workspace: the prefetching thread's is recycled while the batch still waits to be used. */
    protected static INDArray array(float[] values, long... shape) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(values, shape, 'c');
        }
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
