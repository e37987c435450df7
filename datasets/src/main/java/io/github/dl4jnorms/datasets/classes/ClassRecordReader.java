package io.github.dl4jnorms.datasets.classes;

import io.github.dl4jnorms.datasets.classes.ClassFolder.ClassImage;
import io.github.dl4jnorms.datasets.images.ImageFileRecordReader;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;

/**
 * A DataVec reader of a {@link ClassFolder}: each image's largest square about its middle, resized.
 *
 * <p>A record is the image, float32 {@code [1, 3, size, size]}, RGB from 0 to 255, and its class as an index into
 * {@link #getLabels()}.
 */
public final class ClassRecordReader extends ImageFileRecordReader<ClassImage> {

    /**
     * @param folder what to read, in its order; {@link #problems()} starts with its own
     * @param size   the side of the resized images in pixels
     * @throws IllegalArgumentException if the size is not positive
     */
    public ClassRecordReader(ClassFolder folder, int size) {
        super(folder.images(), ClassImage::file, folder.classNames(), size);
        folder.problems().forEach(this::report);
    }

    @Override
    protected List<Writable> record(ClassImage image, BufferedImage pixels) throws IOException {
        return List.of(new NDArrayWritable(resized(middleSquare(pixels))), new IntWritable(image.label()));
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
}
