package io.github.dl4jnorms.datasets.detection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images at the network's input size with their boxes, decoded once for every epoch of every run: make one per split and
 * share it between {@link DetectionIterator}s. Thread-safe.
 *
 * <p>Pixels are kept as bytes, {@code 3 · size²} an image, up to a bound (by default 512 MiB: 10,922 images of 128
 * pixels); images beyond the bound are decoded again each time they are asked for. Those within it are decoded when this
 * object is made, so that a file that went bad since it was checked fails here and not on DL4J's prefetching thread,
 * which would leave the training waiting for ever.
 */
public final class ResizedImages {

    /** 512 MiB. */
    public static final long DEFAULT_CACHE_BYTES = 512L << 20;

    private final List<VocImage> images;
    private final List<String> classNames;
    private final int size;
    private final VocRecordReader reader;
    private final List<Resized> cache = new ArrayList<>();

    /** Planar RGB, and the boxes in pixels of the resized image. */
    record Resized(byte[] pixels, List<BoxAnnotation> boxes) {}

    /** With the default bound. */
    public ResizedImages(List<VocImage> images, List<String> classNames, int size) {
        this(images, classNames, size, DEFAULT_CACHE_BYTES);
    }

    /**
     * @param images the images, at least one
     * @param classNames {@link VocFolder#classNames()}
     * @param size the side of the network's square input in pixels
     * @param cacheBytes the greatest number of bytes of pixels to keep; 0 keeps none
     * @throws IllegalArgumentException if there are no images, or the size is not positive
     * @throws UncheckedIOException naming the file, if one can no longer be decoded
     */
    public ResizedImages(List<VocImage> images, List<String> classNames, int size, long cacheBytes) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("images must hold at least one image, got none");
        }
        this.images = List.copyOf(images);
        this.classNames = List.copyOf(classNames);
        this.size = size;
        this.reader = new VocRecordReader(this.images, this.classNames, size);
        long cached = Math.min(images.size(), cacheBytes / (3L * size * size));
        for (int i = 0; i < cached; i++) {
            cache.add(read(i));
        }
    }

    /** The number of images. */
    public int count() {
        return images.size();
    }

    /** The side of the images in pixels. */
    public int size() {
        return size;
    }

    /** The classes, in the order of their channels. */
    public List<String> classNames() {
        return classNames;
    }

    /** The image as it is on disk. */
    public VocImage image(int index) {
        return images.get(index);
    }

    /** The objects of an image in pixels of the resized image. */
    public List<BoxAnnotation> boxes(int index) {
        return resized(index).boxes();
    }

    Resized resized(int index) {
        return index < cache.size() ? cache.get(index) : read(index);
    }

    @SuppressWarnings("try") // the scope is held, not used
    private synchronized Resized read(int index) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            List<Writable> record = reader.loadFromMetaData(
                            new RecordMetaDataURI(images.get(index).file().toUri(), VocRecordReader.class))
                    .getRecord();
            try (INDArray pixels = array(record.get(0));
                    INDArray boxes = array(record.get(1))) {
                return new Resized(bytes(pixels.data().asFloat()), boxes(boxes));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static INDArray array(Writable writable) {
        return ((NDArrayWritable) writable).get();
    }

    private static byte[] bytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(values[i]);
        }
        return bytes;
    }

    private List<BoxAnnotation> boxes(INDArray array) {
        List<BoxAnnotation> boxes = new ArrayList<>();
        float[] v = array.isEmpty() ? new float[0] : array.data().asFloat();
        for (int i = 0; i < v.length; i += VocRecordReader.BOX_COLUMNS) {
            boxes.add(new BoxAnnotation(
                    classNames.get((int) v[i + 4]), v[i], v[i + 1], v[i + 2], v[i + 3], v[i + 5] != 0));
        }
        return List.copyOf(boxes);
    }
}
