package io.github.dl4jnorms.datasets.images;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;

import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.javacv.Java2DFrameConverter;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.Writable;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.loader.NativeImageLoader;
import org.datavec.image.transform.ColorConversionTransform;
import org.datavec.image.transform.ImageTransform;
import org.datavec.image.transform.MultiImageTransform;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DataVec reader of image files, each resized to a square, float32 {@code [1, 3, size, size]}, RGB from 0 to 255, with what is
 * known of it.
 *
 * <p>A file that cannot be decoded without loss is left out: a warning in the log and {@link #problems()} name it. DataVec's
 * ImageRecordReader fails at the first such file, and takes one that is cut off for whole.
 *
 * <p>The reader is ready when made; {@link #initialize(InputSplit)} narrows it to some of its files, by their URIs. Not
 * thread-safe.
 *
 * @param <T> an image file and what is known of it
 */
public abstract class ImageFileRecordReader<T> extends BaseRecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(ImageFileRecordReader.class);

    private final transient Map<URI, T> images = new LinkedHashMap<>();
    private final transient Function<T, Path> file;
    private final List<String> classNames;
    private final transient Map<Path, Problem> problems = new LinkedHashMap<>();
    private final transient ImageTransform transform;
    private final transient NativeImageLoader loader;
    private final transient Java2DFrameConverter frames = new Java2DFrameConverter();
    private transient Configuration configuration = new Configuration();
    private List<URI> order;
    private int position;
    private transient Optional<Record> ahead = Optional.empty();

    /**
     * @param images what to read, in order
     * @param file an image's file
     * @param classNames the classes, in the order of their indices
     * @param size the side of the resized images in pixels
     * @throws IllegalArgumentException if the size is not positive, or two different images have the same file
     */
    protected ImageFileRecordReader(List<T> images, Function<T, Path> file, List<String> classNames, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: takes at least 1 pixel, received " + size);
        }
        for (T image : images) {
            T other = this.images.put(file.apply(image).toUri(), image);
            if (other != null && !other.equals(image)) {
                throw new IllegalArgumentException(
                        "images: take a file of their own each, received two for " + file.apply(image));
            }
        }
        this.file = file;
        this.classNames = List.copyOf(classNames);
        this.order = List.copyOf(this.images.keySet());
        this.transform = new MultiImageTransform(
                new AreaResizeTransform(size, size), new ColorConversionTransform(COLOR_BGR2RGB));
        this.loader = new NativeImageLoader(size, size, 3, transform);
    }

    /** The record of an image of these pixels. */
    protected abstract List<Writable> record(T image, BufferedImage pixels) throws IOException;

    /** The image as a record has it. */
    protected final INDArray resized(BufferedImage pixels) throws IOException {
        return loader.asMatrix(new ImageWritable(frames.getFrame(pixels)));
    }

    /** Maps x, y pairs of coordinates of the image that was last resized into the resized one. */
    protected final float[] resized(float... coordinates) {
        return transform.query(coordinates);
    }

    /** What was left out so far. */
    public final List<Problem> problems() {
        return List.copyOf(problems.values());
    }

    protected final void report(Problem problem) {
        if (problems.put(problem.file(), problem) == null) {
            LOG.warn("{}", problem);
        }
    }

    /** Narrows the reader to the split's files, in the split's order. */
    @Override
    public void initialize(InputSplit split) throws IOException, InterruptedException {
        super.initialize(split);
        order = Stream.of(split.locations()).peek(this::image).toList();
        reset();
    }

    @Override
    public void initialize(Configuration conf, InputSplit split) throws IOException, InterruptedException {
        setConf(conf);
        initialize(split);
    }

    /** Whether there is another image; reads on until one can be decoded. */
    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && position < order.size()) {
            URI uri = order.get(position++);
            try {
                ahead = Optional.of(read(new RecordMetaDataURI(uri, getClass())));
            } catch (IOException e) {
                report(new Problem(file.apply(image(uri)), e.getMessage() + ", skipped"));
            }
        }
        return ahead.isPresent();
    }

    @Override
    public List<Writable> next() {
        return nextRecord().getRecord();
    }

    @Override
    public Record nextRecord() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + order.size() + " files are read");
        }
        Record record = ahead.orElseThrow();
        ahead = Optional.empty();
        invokeListeners(record);
        return record;
    }

    private Record read(RecordMetaData metaData) throws IOException {
        T image = image(metaData.getURI());
        return new org.datavec.api.records.impl.Record(record(image, ImageFile.read(file.apply(image))), metaData);
    }

    @Override
    public Record loadFromMetaData(RecordMetaData metaData) throws IOException {
        try {
            return read(metaData);
        } catch (IOException e) {
            throw new IOException(file.apply(image(metaData.getURI())) + ": " + e.getMessage(), e);
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

    private T image(URI uri) {
        T image = images.get(uri);
        if (image == null) {
            throw new IllegalArgumentException(
                    "uri: takes one of this reader's " + images.size() + " files, received " + uri);
        }
        return image;
    }

    @Override
    public List<String> getLabels() {
        return classNames;
    }

    @Override
    public void reset() {
        position = 0;
        ahead = Optional.empty();
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
