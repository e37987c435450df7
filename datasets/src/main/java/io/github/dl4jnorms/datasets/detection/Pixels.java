package io.github.dl4jnorms.datasets.detection;

import java.awt.image.BufferedImage;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How pixels become the network's input: {@code (value / 255 − mean) / deviation} per channel, with ImageNet's usual
 * constants for R, G, B.
 */
public final class Pixels {

    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    /** The input for each value of a byte: {@code [channel][value]}. */
    private static final float[][] INPUT = new float[3][256];

    static {
        for (int channel = 0; channel < 3; channel++) {
            for (int value = 0; value < 256; value++) {
                INPUT[channel][value] = (value / 255f - MEAN[channel]) / DEVIATION[channel];
            }
        }
    }

    private Pixels() {}

    /** Standardizes a planar RGB image of size², mirrored as asked, into {@code out} from {@code offset} on. */
    static void standardize(
            byte[] rgb, int size, boolean horizontalFlip, boolean verticalFlip, float[] out, int offset) {
        int to = offset;
        for (int channel = 0; channel < 3; channel++) {
            float[] input = INPUT[channel];
            for (int y = 0; y < size; y++) {
                int row = (channel * size + (verticalFlip ? size - 1 - y : y)) * size;
                int from = horizontalFlip ? row + size - 1 : row;
                int step = horizontalFlip ? -1 : 1;
                for (int x = 0; x < size; x++, from += step) {
                    out[to++] = input[rgb[from] & 0xff];
                }
            }
        }
    }

    /**
     * The picture that an example was made from, for showing it.
     *
     * @param features a batch's input, {@code [N, 3, H, W]}
     * @param example the index into the batch
     */
    public static BufferedImage picture(INDArray features, int example) {
        int height = (int) features.size(2);
        int width = (int) features.size(3);
        float[] values = features.get(
                        NDArrayIndex.point(example), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c')
                .data()
                .asFloat();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                float value = values[channel * width * height + i] * DEVIATION[channel] + MEAN[channel];
                rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, value)));
            }
            picture.setRGB(i % width, i / width, rgb);
        }
        return picture;
    }
}
