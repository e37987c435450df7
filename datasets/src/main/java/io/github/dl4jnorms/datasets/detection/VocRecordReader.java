package io.github.dl4jnorms.datasets.detection;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;

import io.github.dl4jnorms.datasets.images.ImageFile;
import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.bytedeco.javacv.Java2DFrameConverter;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.loader.NativeImageLoader;
import org.datavec.image.transform.ColorConversionTransform;
import org.datavec.image.transform.ImageTransform;
import org.datavec.image.transform.MultiImageTransform;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DataVec reader of {@link VocImage}s: each is decoded and resized to a square, its boxes with it.
 *
 * <p>A record is two arrays: the image, float32 {@code [1, 3, size, size]}, RGB from 0 to 255; and its boxes, float32
 * {@code [n, 6]}, each {@code xMin, yMin, xMax, yMax} in pixels of the resized image, the class as an index into
 * {@link #getLabels()}, and 1 for a difficult object. The square is filled: the two axes scale independently.
 *
 * <p>The reader is ready when made; {@link #initialize(InputSplit)} narrows it to some of its images, by their files' URIs.
 * Not thread-safe.
 */
public final class VocRecordReader extends BaseRecordReader {

    /** Columns of a record's array of boxes. */
    static final int BOX_COLUMNS = 6;

    private final transient Map<URI, VocImage> images = new LinkedHashMap<>();
    private final List<String> classNames;
    private final transient ImageTransform transform;
    private final transient NativeImageLoader loader;
    private final transient Java2DFrameConverter frames = new Java2DFrameConverter();
    private transient Configuration configuration = new Configuration();
    private List<URI> order;
    private int position;

    /**
     * @param images what to read, in order
     * @param classNames the classes, in the order of their indices; every box's name is one of them
     * @param size the side of the resized images in pixels
     * @throws IllegalArgumentException if the size is not positive, a box is of another class, or two different images
     *     have the same file
     */
    public VocRecordReader(List<VocImage> images, List<String> classNames, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size must be at least 1 pixel, got " + size);
        }
        for (VocImage image : images) {
            VocImage other = this.images.put(image.file().toUri(), image);
            if (other != null && !other.equals(image)) {
                throw new IllegalArgumentException(
                        "images must each have a file of their own, got two for " + image.file());
            }
            for (BoxAnnotation box : image.boxes()) {
                if (!classNames.contains(box.name())) {
                    throw new IllegalArgumentException("classNames must hold the class of every box, got " + classNames
                            + " and '" + box.name() + "' in image '" + image.id() + "'");
                }
            }
        }
        this.order = List.copyOf(this.images.keySet());
        this.classNames = List.copyOf(classNames);
        this.transform = new MultiImageTransform(
                new AreaResizeTransform(size, size), new ColorConversionTransform(COLOR_BGR2RGB));
        this.loader = new NativeImageLoader(size, size, 3, transform);
    }

    /** Narrows the reader to the split's images, in the split's order. */
    @Override
    public void initialize(InputSplit split) throws IOException, InterruptedException {
        super.initialize(split);
        order = Arrays.stream(split.locations()).peek(this::image).toList();
        position = 0;
    }

    @Override
    public void initialize(Configuration conf, InputSplit split) throws IOException, InterruptedException {
        setConf(conf);
        initialize(split);
    }

    @Override
    public boolean hasNext() {
        return position < order.size();
    }

    @Override
    public List<Writable> next() {
        return nextRecord().getRecord();
    }

    @Override
    public Record nextRecord() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + order.size() + " images are read");
        }
        URI uri = order.get(position++);
        try {
            Record record = loadFromMetaData(new RecordMetaDataURI(uri, VocRecordReader.class));
            invokeListeners(record);
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Record loadFromMetaData(RecordMetaData metaData) throws IOException {
        VocImage image = image(metaData.getURI());
        try {
            return new org.datavec.api.records.impl.Record(record(image, ImageFile.read(image.file())), metaData);
        } catch (IOException e) {
            throw new IOException(image.file() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> metaData) throws IOException {
        List<Record> records = new ArrayList<>();
        for (RecordMetaData each : metaData) {
            records.add(loadFromMetaData(each));
        }
        return records;
    }

    @Override
    public List<Writable> record(URI uri, DataInputStream stream) throws IOException {
        return record(image(uri), ImageFile.decode(stream.readAllBytes()));
    }

    private VocImage image(URI uri) {
        VocImage image = images.get(uri);
        if (image == null) {
            throw new IllegalArgumentException(
                    "uri must be one of this reader's " + images.size() + " images, got " + uri);
        }
        return image;
    }

    private List<Writable> record(VocImage image, BufferedImage pixels) throws IOException {
        INDArray resized = loader.asMatrix(new ImageWritable(frames.getFrame(pixels)));
        float[] boxes = new float[image.boxes().size() * BOX_COLUMNS];
        for (int i = 0; i < image.boxes().size(); i++) {
            BoxAnnotation box = image.boxes().get(i);
            float[] corners = transform.query(box.xMin(), box.yMin(), box.xMax(), box.yMax());
            System.arraycopy(corners, 0, boxes, i * BOX_COLUMNS, corners.length);
            boxes[i * BOX_COLUMNS + 4] = classNames.indexOf(box.name());
            boxes[i * BOX_COLUMNS + 5] = box.difficult() ? 1 : 0;
        }
        INDArray boxArray = boxes.length == 0
                ? Nd4j.create(DataType.FLOAT, 0, BOX_COLUMNS)
                : Nd4j.createFromArray(boxes).reshape(-1, BOX_COLUMNS);
        return List.of(new NDArrayWritable(resized), new NDArrayWritable(boxArray));
    }

    @Override
    public List<String> getLabels() {
        return classNames;
    }

    @Override
    public void reset() {
        position = 0;
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public void close() {}

    @Override
    public void setConf(Configuration conf) {
        configuration = conf;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }
}
