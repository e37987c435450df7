package io.github.dl4jnorms.datasets.detection;

import io.github.dl4jnorms.datasets.images.ImageFileRecordReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DataVec reader of {@link VocImage}s: each is decoded and resized to a square, its boxes with it.
 *
 * <p>A record is two arrays: the image, float32 {@code [1, 3, size, size]}, RGB from 0 to 255; and its boxes, float32
 * {@code [n, 6]}, each {@code xMin, yMin, xMax, yMax} in pixels of the resized image, the class as an index into
 * {@link #getLabels()}, and 1 for a difficult object. The square is filled: the two axes scale independently.
 */
public final class VocRecordReader extends ImageFileRecordReader<VocImage> {

    /** Columns of a record's array of boxes. */
    static final int BOX_COLUMNS = 6;

    /**
     * @param images what to read, in order
     * @param classNames the classes, in the order of their indices; every box's name is one of them
     * @param size the side of the resized images in pixels
     * @throws IllegalArgumentException if the size is not positive, a box is of another class, or two different images
     *     have the same file
     */
    public VocRecordReader(List<VocImage> images, List<String> classNames, int size) {
        super(images, VocImage::file, classNames, size);
        for (VocImage image : images) {
            for (BoxAnnotation box : image.boxes()) {
                if (!classNames.contains(box.name())) {
                    throw new IllegalArgumentException("classNames must hold the class of every box, got " + classNames
                            + " and '" + box.name() + "' in image '" + image.id() + "'");
                }
            }
        }
    }

    @Override
    protected List<Writable> record(VocImage image, BufferedImage pixels) throws IOException {
        INDArray resized = resized(pixels);
        float[] boxes = new float[image.boxes().size() * BOX_COLUMNS];
        for (int i = 0; i < image.boxes().size(); i++) {
            BoxAnnotation box = image.boxes().get(i);
            float[] corners = resized(box.xMin(), box.yMin(), box.xMax(), box.yMax());
            System.arraycopy(corners, 0, boxes, i * BOX_COLUMNS, corners.length);
            boxes[i * BOX_COLUMNS + 4] = getLabels().indexOf(box.name());
            boxes[i * BOX_COLUMNS + 5] = box.difficult() ? 1 : 0;
        }
        INDArray boxArray = boxes.length == 0
                ? Nd4j.create(DataType.FLOAT, 0, BOX_COLUMNS)
                : Nd4j.createFromArray(boxes).reshape(-1, BOX_COLUMNS);
        return List.of(new NDArrayWritable(resized), new NDArrayWritable(boxArray));
    }
}
