package io.github.dl4jnorms.datasets.images;

import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An endless DataVec reader of random resized crops: squares from half of a picture's shorter side to all of it, anywhere in
 * it, resized to one size and mirrored every other time.
 *
 * <p>A record is one array, float32 {@code [1, 3, size, size]}, RGB from 0 to 255. Each picture comes once in as many records
 * as there are pictures, in a new order each time. Record i depends on the seed, i and the pictures only, so that reading can
 * go on anywhere: {@link #seek}. A picture that turns out to be damaged is taken out of its folder, which says so, and the
 * next one takes its place.
 *
 * <p>Pictures are decoded to twice the crops' size, or as much more as it takes for a long one's shorter side to have that
 * (up to four times), and kept up to a bound of 512 MiB; those beyond it are decoded each time. Not thread-safe.
 */
public final class CropRecordReader extends BaseRecordReader {

    private static final double LEAST_SHARE = 0.5;
    private static final int LONGEST_ASPECT = 4;
    private static final long CACHE_BYTES = 512L << 20;

    private final transient ImageFolder folder;
    private final int size;
    private final long seed;
    private final transient Map<Path, BufferedImage> cache = new HashMap<>();
    private long cachedBytes;
    private transient Configuration configuration = new Configuration();

    private long position;
    private long epoch = -1;
    private transient List<Path> order;

    /**
     * @param folder where the pictures are
     * @param size the crops' side in pixels, at least 1
     * @param seed of order, crops and mirroring
     */
    public CropRecordReader(ImageFolder folder, int size, long seed) {
        if (size < 1) {
            throw new IllegalArgumentException("size: takes at least 1 pixel, received " + size);
        }
        this.folder = folder;
        this.size = size;
        this.seed = seed;
    }

    /** The crops' side in pixels. */
    public int size() {
        return size;
    }

    /** Goes to record i, from 0. */
    public void seek(long record) {
        position = record;
    }

    /** A crop as planar RGB bytes. */
    byte[] nextPixels() {
        Random random = new Random(mixed(seed, position));
        while (true) {
            Path file = file(position);
            try {
                BufferedImage crop = crop(picture(file), random);
                position++;
                return planar(crop, random.nextBoolean());
            } catch (IOException e) {
                folder.leaveOut(file, e);
                epoch = -1;
            }
        }
    }

    private Path file(long record) {
        List<Path> files = folder.files();
        if (files.isEmpty()) {
            throw new IllegalStateException("no picture that can be read is left in " + folder.dir());
        }
        long wanted = record / files.size();
        if (wanted != epoch) {
            order = new ArrayList<>(files);
            Collections.shuffle(order, new Random(mixed(~seed, wanted)));
            epoch = wanted;
        }
        return order.get((int) (record % order.size()));
    }

    /** Random's own seeds must differ by more than one for its streams to differ much. */
    private static long mixed(long seed, long number) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + number).nextLong();
    }

    private BufferedImage picture(Path file) throws IOException {
        BufferedImage kept = cache.get(file);
        if (kept != null) {
            return kept;
        }
        ImageFile.Size stored = ImageFile.size(file);
        double aspect = (double) Math.max(stored.width(), stored.height()) / Math.min(stored.width(), stored.height());
        BufferedImage picture = ImageFile.upright(file, (int) Math.ceil(2 * size * Math.min(LONGEST_ASPECT, aspect)));
        long bytes = 3L * picture.getWidth() * picture.getHeight();
        if (cachedBytes + bytes <= CACHE_BYTES) {
            cache.put(file, picture);
            cachedBytes += bytes;
        }
        return picture;
    }

    private BufferedImage crop(BufferedImage picture, Random random) {
        int shorter = Math.min(picture.getWidth(), picture.getHeight());
        int side = (int) Math.max(1, Math.round(shorter * (LEAST_SHARE + (1 - LEAST_SHARE) * random.nextDouble())));
        int x = random.nextInt(picture.getWidth() - side + 1);
        int y = random.nextInt(picture.getHeight() - side + 1);
        BufferedImage crop = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
        crop.setData(picture.getRaster().createChild(x, y, side, side, 0, 0, null));
        return AreaResize.resize(crop, size, size);
    }

    private byte[] planar(BufferedImage crop, boolean mirrored) {
        byte[] planar = new byte[3 * size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int rgb = crop.getRGB(mirrored ? size - 1 - x : x, y);
                for (int channel = 0; channel < 3; channel++) {
                    planar[(channel * size + y) * size + x] = (byte) (rgb >> 16 - 8 * channel);
                }
            }
        }
        return planar;
    }

    @Override
    public List<Writable> next() {
        byte[] pixels = nextPixels();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels[i] & 0xff;
        }
        return new ArrayList<>(List.of(new NDArrayWritable(array(values))));
    }

    private INDArray array(float[] values) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(values, new long[] {1, 3, size, size}, 'c');
        }
    }

    /** Always. */
    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Record nextRecord() {
        URI file = file(position).toUri();
        return new org.datavec.api.records.impl.Record(next(), new RecordMetaDataURI(file, CropRecordReader.class));
    }

    /** The reader is ready when made. */
    @Override
    public void initialize(Configuration conf, InputSplit split) {
        setConf(conf);
    }

    @Override
    public void reset() {
        position = 0;
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** None: a crop has no class. */
    @Override
    public List<String> getLabels() {
        return null;
    }

    @Override
    public List<Writable> record(URI uri, DataInputStream stream) {
        throw new UnsupportedOperationException("a crop is of a folder's picture, not of a stream");
    }

    @Override
    public Record loadFromMetaData(RecordMetaData metaData) {
        throw new UnsupportedOperationException("crops are random: seek(record) goes back to one");
    }

    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
        throw new UnsupportedOperationException("crops are random: seek(record) goes back to one");
    }

    @Override
    public void close() {
        cache.clear();
        cachedBytes = 0;
    }

    @Override
    public void setConf(Configuration conf) {
        configuration = conf;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }
}
