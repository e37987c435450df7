package io.github.dl4jnorms.samediff.style;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Puts a style's features in the place of others: of the 3×3 patches of features with mean 0 and deviation 1 in each channel, the
 * style's whose direction is nearest, averaged where they overlap (Chen and Schmidt,
 * <a href="https://arxiv.org/abs/1612.04337">Fast Patch-based Style Transfer of Arbitrary Style</a>, 2016; on normalized features
 * and with AdaIN, as Sheng et al., <a href="https://arxiv.org/abs/1805.03857">Avatar-Net</a>, 2018).
 */
final class StyleSwap {

    /** Patches of a style that there is a choice of, at most. */
    private static final int CHOICE = 1024;

    /** Content patches that are compared at once, about. */
    private static final int CHUNK = 2048;

    /** Multiples of the golden ratio, modulo 1, lie evenly whatever the number of them and of columns. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** {@code [patches, 9 C]}. */
    private final INDArray patches;

    /**
     * @param style {@code [1, C, h, w]}, normalized, h and w at least 3
     */
    StyleSwap(INDArray style) {
        this.patches = choice(style);
    }

    private static INDArray choice(INDArray features) {
        int channels = (int) features.size(1);
        int height = (int) features.size(2);
        int width = (int) features.size(3);
        int all = (height - 2) * (width - 2);
        int count = Math.min(CHOICE, all);
        DataBuffer from = features.data();
        float[] to = new float[count * channels * Patches.TAPS];
        int at = 0;
        for (int k = 0; k < count; k++) {
            int corner = count == all ? k : (int) (k * GOLDEN % 1 * all);
            int row = corner / (width - 2);
            int column = corner % (width - 2);
            for (int channel = 0; channel < channels; channel++) {
                for (int tap = 0; tap < Patches.TAPS; tap++) {
                    long pixel = ((long) channel * height + row + tap / 3) * width + column + tap % 3;
                    to[at++] = from.getFloat(pixel);
                }
            }
        }
        return Nd4j.create(to, new long[] {count, (long) channels * Patches.TAPS}, 'c');
    }

    /** Of each pixel of normalized features, the number of the patch that is nearest to its own. */
    int[] nearest(INDArray x) {
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        INDArray lengths = patches.norm2(true, 1).addi(Float.MIN_NORMAL);
        INDArray directions = patches.div(lengths);
        int[] nearest = new int[height * width];
        int count = (int) patches.size(0);
        int rows = Math.max(1, CHUNK / width);
        for (int first = 0; first < height; first += rows) {
            int end = Math.min(first + rows, height);
            INDArray own = Patches.of(x, first, end);
            INDArray similarity = Nd4j.createUninitialized(own.dataType(), new long[] {count, own.size(1)}, 'f');
            Nd4j.gemm(directions, own, similarity, false, false, 1, 0);
            float[] columns = similarity.data().asFloat();
            own.close();
            similarity.close();
            for (int pixel = 0; pixel < (end - first) * width; pixel++) {
                int best = 0;
                for (int k = 1; k < count; k++) {
                    if (columns[pixel * count + k] > columns[pixel * count + best]) {
                        best = k;
                    }
                }
                nearest[first * width + pixel] = best;
            }
        }
        return nearest;
    }

    /**
     * The share of these patches, and the rest of x.
     *
     * @param x {@code [1, C, H, W]}, normalized, which stays as it is
     * @param nearest the patch of each of its pixels
     * @param share from 0 to 1
     */
    INDArray mix(INDArray x, int[] nearest, double share) {
        int channels = (int) x.size(1);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] all = patches.data().asFloat();
        INDArray mixed = Nd4j.createUninitialized(x.dataType(), 1, channels, height, width);
        IntStream.range(0, channels).parallel().forEach(channel -> {
            INDArray copy = plane(x, channel).dup('c');
            float[] plane = copy.data().asFloat();
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    float sum = 0;
                    int count = 0;
                    for (int tap = 0; tap < Patches.TAPS; tap++) {
                        int row = i + 1 - tap / 3;
                        int column = j + 1 - tap % 3;
                        if (row >= 0 && row < height && column >= 0 && column < width) {
                            int patch = nearest[row * width + column];
                            sum += all[(patch * channels + channel) * Patches.TAPS + tap];
                            count++;
                        }
                    }
                    int at = i * width + j;
                    plane[at] = (float) ((1 - share) * plane[at] + share * sum / count);
                }
            }
            copy.data().setData(plane);
            plane(mixed, channel).assign(copy);
            copy.close();
        });
        return mixed;
    }

    private static INDArray plane(INDArray x, int channel) {
        return x.get(NDArrayIndex.point(0), NDArrayIndex.point(channel), NDArrayIndex.all(), NDArrayIndex.all());
    }
}
