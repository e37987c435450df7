package io.github.dl4jnorms.datasets.images;

import java.util.Random;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.opencv_core.Mat;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.transform.BaseImageTransform;

/**
 * Resizes to a fixed size by averaging the pixels that become one. DataVec's ResizeImageTransform interpolates between
 * four neighbours however far it shrinks, so that of a photograph made five times smaller most pixels never count.
 */
public final class AreaResizeTransform extends BaseImageTransform<Mat> {

    private final int newWidth;
    private final int newHeight;
    private int oldWidth;
    private int oldHeight;

    public AreaResizeTransform(int newWidth, int newHeight) {
        super(null);
        this.newWidth = newWidth;
        this.newHeight = newHeight;
        this.converter = new OpenCVFrameConverter.ToMat();
    }

    @Override
    protected ImageWritable doTransform(ImageWritable image, Random random) {
        if (image == null) {
            return null;
        }
        Mat mat = converter.convert(image.getFrame());
        oldWidth = mat.cols();
        oldHeight = mat.rows();
        return new ImageWritable(converter.convert(AreaResize.resize(mat, newWidth, newHeight)));
    }

    /** Maps x, y pairs of continuous coordinates of the last image into the resized one. */
    @Override
    public float[] query(float... coordinates) {
        float[] mapped = new float[coordinates.length];
        for (int i = 0; i < coordinates.length; i += 2) {
            mapped[i] = coordinates[i] * newWidth / oldWidth;
            mapped[i + 1] = coordinates[i + 1] * newHeight / oldHeight;
        }
        return mapped;
    }

    // Lombok's, which the superclass has, would compare the mutable state of OpenCV's objects
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
