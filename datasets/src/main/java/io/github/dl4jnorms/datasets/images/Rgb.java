package io.github.dl4jnorms.datasets.images;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pictures as arrays: float32 {@code [1, 3, H, W]}, RGB from 0 to 1. */
public final class Rgb {

    private Rgb() {}

    /** The array of a picture. */
    public static INDArray array(BufferedImage picture) {
        int width = picture.getWidth();
        int pixels = width * picture.getHeight();
        float[] values = new float[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            int rgb = picture.getRGB(i % width, i / width);
            for (int channel = 0; channel < 3; channel++) {
                values[channel * pixels + i] = (rgb >> 16 - 8 * channel & 0xff) / 255f;
            }
        }
        return Nd4j.create(values, new long[] {1, 3, picture.getHeight(), width}, 'c');
    }

    /** The picture of an array's only example; what is outside of 0 to 1 is clipped. */
    public static BufferedImage picture(INDArray array) {
        if (array.rank() != 4 || array.size(0) != 1 || array.size(1) != 3) {
            throw new IllegalArgumentException("array: takes [1, 3, H, W], received " + Arrays.toString(array.shape()));
        }
        int height = (int) array.size(2);
        int width = (int) array.size(3);
        int pixels = width * height;
        float[] values = array.dup('c').data().asFloat();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < pixels; i++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, values[channel * pixels + i])));
            }
            picture.setRGB(i % width, i / width, rgb);
        }
        return picture;
    }
}
