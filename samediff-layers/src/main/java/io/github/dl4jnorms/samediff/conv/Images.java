package io.github.dl4jnorms.samediff.conv;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/** What layers that slide a window over images have in common: their arguments' checks and their output's size. */
final class Images {

    private Images() {}

    /** The input type, if it is that of images. */
    static InputType.InputTypeConvolutional require(InputType inputType, Layer layer) {
        if (inputType instanceof InputType.InputTypeConvolutional cnn) {
            return cnn;
        }
        throw new IllegalArgumentException("inputType: " + layer.getClass().getSimpleName()
                + " takes convolutional input, received " + inputType + " (layer " + layer.getLayerName() + ")");
    }

    /** How many windows that reach over some pixels there are along a side of an image. */
    static long outputSize(long size, int reach, int stride, int padding, Layer layer) {
        if (size + 2L * padding < reach) {
            throw new IllegalArgumentException("inputType: a kernel that reaches over " + reach
                    + " pixels takes an input of at least " + (reach - 2L * padding) + ", received " + size
                    + " (layer " + layer.getLayerName() + ")");
        }
        return (size + 2L * padding - reach) / stride + 1;
    }

    /** A vertical and a horizontal number from one or two given. */
    static int[] pair(String name, int least, int... values) {
        if (values.length < 1 || values.length > 2 || Arrays.stream(values).anyMatch(v -> v < least)) {
            throw new IllegalArgumentException(
                    name + ": takes one or two numbers of at least " + least + ", received " + Arrays.toString(values));
        }
        return values.length == 2 ? values.clone() : new int[] {values[0], values[0]};
    }
}
