package io.github.dl4jnorms.samediff.style;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The images that style transfer takes, {@code [N, 3, H, W]}. */
public final class ImageArrays {

    private ImageArrays() {}

    static void check(String name, INDArray images, int least) {
        if (images.rank() != 4 || images.size(1) != 3 || images.size(2) < least || images.size(3) < least) {
            throw new IllegalArgumentException(name + ": takes images [N, 3, H, W] of at least " + least + " by "
                    + least + " pixels, received " + Arrays.toString(images.shape()));
        }
    }

    /** One of a batch, {@code [1, C, H, W]}, a copy. */
    public static INDArray example(INDArray batch, long i) {
        return batch.get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
    }
}
