package io.github.dl4jnorms.datasets.images;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Resizes by averaging the pixels that become one, and between four neighbours where a picture grows. */
public final class AreaResize {

    private AreaResize() {}

    /** A new picture of this size. */
    public static Mat resize(Mat image, int width, int height) {
        boolean shrinks = (long) width * height < (long) image.cols() * image.rows();
        Mat result = new Mat();
        opencv_imgproc.resize(image, result, new Size(width, height), 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
        return result;
    }

    /**
     * The picture in this size.
     *
     * @param image of {@link BufferedImage#TYPE_3BYTE_BGR}
     */
    public static BufferedImage resize(BufferedImage image, int width, int height) {
        if (image.getWidth() == width && image.getHeight() == height) {
            return image;
        }
        byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        try (BytePointer pixels = new BytePointer(bytes);
                Mat mat = new Mat(image.getHeight(), image.getWidth(), CV_8UC3, pixels);
                Mat resized = resize(mat, width, height)) {
            resized.data().get(((DataBufferByte) result.getRaster().getDataBuffer()).getData());
        }
        return result;
    }

    /** The picture made smaller, if that is needed, so that its longer side has at most this many pixels. */
    static BufferedImage within(BufferedImage image, int longSide) {
        double scale = (double) longSide / Math.max(image.getWidth(), image.getHeight());
        return scale >= 1 ? image : scaled(image, scale);
    }

    private static BufferedImage scaled(BufferedImage image, double scale) {
        return resize(image, (int) Math.max(1, Math.round(scale * image.getWidth())), (int)
                Math.max(1, Math.round(scale * image.getHeight())));
    }
}
