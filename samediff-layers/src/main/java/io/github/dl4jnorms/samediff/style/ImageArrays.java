package io.github.dl4jnorms.samediff.style;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of the images that style transfer takes. */
final class ImageArrays {

    private ImageArrays() {}

    static void check(String name, INDArray images, int least) {
        if (images.rank() != 4 || images.size(1) != 3 || images.size(2) < least || images.size(3) < least) {
            throw new IllegalArgumentException(name + ": takes images [N, 3, H, W] of at least " + least + " by "
                    + least + " pixels, received " + Arrays.toString(images.shape()));
        }
    }
}
