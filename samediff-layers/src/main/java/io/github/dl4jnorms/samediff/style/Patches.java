package io.github.dl4jnorms.samediff.style;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The 3×3 surroundings of the pixels of one image {@code [1, C, H, W]}, as columns of a matrix. */
final class Patches {

    /** Pixels of one. */
    static final int TAPS = 9;

    private Patches() {}

    /** {@code [9 C, H W]}, by reflection at the border. */
    static INDArray of(INDArray image) {
        return of(image, 0, (int) image.size(2));
    }

    /** Those of the pixels in some of the rows, {@code [9 C, (end − first) W]}. */
    static INDArray of(INDArray image, int first, int end) {
        int channels = (int) image.size(1);
        int height = (int) image.size(2);
        int width = (int) image.size(3);
        int low = Math.max(first - 1, 0);
        int high = Math.min(end + 1, height);
        INDArray band = image.get(
                        NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(low, high), NDArrayIndex.all())
                .dup('c');
        float[] from = band.data().asFloat();
        band.close();
        float[] to = new float[TAPS * channels * (end - first) * width];
        int at = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < TAPS; tap++) {
                for (int i = first; i < end; i++) {
                    int row = (channel * (high - low) + reflected(i + tap / 3 - 1, height) - low) * width;
                    for (int j = 0; j < width; j++) {
                        to[at++] = from[row + reflected(j + tap % 3 - 1, width)];
                    }
                }
            }
        }
        return Nd4j.create(to, new long[] {(long) TAPS * channels, (long) (end - first) * width}, 'c');
    }

    private static int reflected(int i, int size) {
        return i < 0 ? -i : i < size ? i : 2 * size - 2 - i;
    }
}
