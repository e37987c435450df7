package io.github.dl4jnorms.samediff.style;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

public final class StyleTransfer {

    /** Least height and width of a content or style image. */
    public static final int MIN_SIZE = 16;

    public StyleTransfer(Vgg19 encoder, AdaINDecoder decoder) {
        throw new UnsupportedOperationException();
    }

    /** content [1, 3, H, W] and style [1, 3, H', W'], RGB in [0, 1] → [1, 3, H, W] in [0, 1]. */
    public INDArray apply(INDArray content, INDArray style) {
        return apply(content, style, 1);
    }

    /** alpha 0 … 1: how much of the style. */
    public INDArray apply(INDArray content, INDArray style, double alpha) {
        return apply(content, List.of(style), new double[] {1}, alpha);
    }

    /** Several styles; weights are at least 0 and are divided by their sum. */
    public INDArray apply(INDArray content, List<INDArray> styles, double[] weights, double alpha) {
        throw new UnsupportedOperationException();
    }
}
