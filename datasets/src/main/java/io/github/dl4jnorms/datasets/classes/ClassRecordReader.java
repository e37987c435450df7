package io.github.dl4jnorms.datasets.classes;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;

import io.github.dl4jnorms.datasets.classes.ClassFolder.ClassImage;
import io.github.dl4jnorms.datasets.detection.AreaResizeTransform;
import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.images.Problem;
import java.awt.Graphics2D;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacv.Java2DFrameConverter;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.loader.NativeImageLoader;
import org.datavec.image.transform.ColorConversionTransform;
import org.datavec.image.transform.MultiImageTransform;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A DataVec reader of a {@link ClassFolder}: each image's largest square about its middle, resized.
 *
 * <p>A record is the image, float32 {@code [1, 3, size, size]}, RGB from 0 to 255, and its class as an index into
 * {@link #getLabels()}. A file that cannot be decoded without loss is left out: a warning in the log and {@link #problems()} name
 * it. DataVec's ImageRecordReader fails at the first such file, and takes one that is cut off for whole.
 *
 * <p>The reader is ready when made; {@link #initialize(InputSplit)} narrows it to some of its files, by their URIs. Not
 * thread-safe.
 */
public final class ClassRecordReader extends BaseRecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(ClassRecordReader.class);

    private final List<String> classNames;
    private final transient Map<URI, ClassImage> images;
    private final transient Map<Path, Problem> problems = new LinkedHashMap<>();
    private final transient NativeImageLoader loader;
    private final transient Java2DFrameConverter frames = new Java2DFrameConverter();
    private transient Configuration configuration = new Configuration();
    private List<URI> order;
    private int position;
    private transient Optional<Record> ahead = Optional.empty();

    /**
     * @param folder what to read, in its order
     * @param size   the side of the resized images in pixels
     * @throws IllegalArgumentException if the size is not positive
     */
    public ClassRecordReader(ClassFolder folder, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: takes at least 1 pixel, received " + size);
        }
        classNames = folder.classNames();
        images = folder.images().stream()
                .collect(Collectors.toMap(
                        image -> image.file().toUri(), Function.identity(), (a, b) -> a, LinkedHashMap::new));
        order = List.copyOf(images.keySet());
        folder.problems().forEach(this::report);
        loader = new NativeImageLoader(
                size,
                size,
                3,
                new MultiImageTransform(
                        new AreaResizeTransform(size, size), new ColorConversionTransform(COLOR_BGR2RGB)));
    }

    /** What was left out so far: that of the folder, and the files that turned out to be no images. */
    public List<Problem> problems() {
        return List.copyOf(problems.values());
    }

    private void report(Problem problem) {
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
            ClassImage image = image(order.get(position++));
            try {
                ahead = Optional.of(
                        loadFromMetaData(new RecordMetaDataURI(image.file().toUri(), ClassRecordReader.class)));
            } catch (IOException e) {
                report(new Problem(image.file(), e.getMessage() + ", skipped"));
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

    @Override
    public Record loadFromMetaData(RecordMetaData metaData) throws IOException {
        ClassImage image = image(metaData.getURI());
        return new org.datavec.api.records.impl.Record(record(image, ImageFile.read(image.file())), metaData);
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

    private ClassImage image(URI uri) {
        ClassImage image = images.get(uri);
        if (image == null) {
            throw new IllegalArgumentException(
                    "uri: takes one of this reader's " + images.size() + " files, received " + uri);
        }
        return image;
    }

    private List<Writable> record(ClassImage image, BufferedImage pixels) throws IOException {
        INDArray resized = loader.asMatrix(new ImageWritable(frames.getFrame(middleSquare(pixels))));
        return List.of(new NDArrayWritable(resized), new IntWritable(image.label()));
    }

    private static BufferedImage middleSquare(BufferedImage image) {
        int side = Math.min(image.getWidth(), image.getHeight());
        if (image.getWidth() == image.getHeight()) {
            return image;
        }
        BufferedImage square = new BufferedImage(side, side, image.getType());
        Graphics2D graphics = square.createGraphics();
        graphics.drawImage(image, (side - image.getWidth()) / 2, (side - image.getHeight()) / 2, null);
        graphics.dispose();
        return square;
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
