package io.github.dl4jnorms.experiments.adain;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The style's strokes in the content's colours, by luminance-only transfer: L. Gatys et al. 2016, "Preserving Color in Neural
 * Artistic Style Transfer", <a href="https://arxiv.org/abs/1606.05897">arXiv:1606.05897</a>. Grey pictures go through the
 * networks, the style's with the content's mean and deviation of luminance; the result's luminance takes the place of the
 * content's.
 *
 * <p>Pictures are {@code [1, 3, H, W]}, RGB from 0 to 1.
 */
final class ColorPreservation {
    private static final double[] LUMINANCE = {0.299, 0.587, 0.114};
    private static final double LEAST_DEVIATION = 1e-3;

    private ColorPreservation() {}

    /** A picture without its colours. */
    static INDArray grey(INDArray picture) {
        return threefold(luminance(picture));
    }

    /** A style without its colours, as bright and with as much contrast as the content. */
    static INDArray grey(INDArray style, INDArray content) {
        INDArray to = luminance(content);
        INDArray from = luminance(style);
        double scale = deviation(to) / Math.max(deviation(from), LEAST_DEVIATION);
        INDArray matched = from.sub(from.meanNumber()).mul(scale).add(to.meanNumber());
        return threefold(Transforms.max(Transforms.min(matched, 1), 0));
    }

    /** The content with the result's luminance: what a pixel gains in it is added to red, green and blue alike. */
    static INDArray recolor(INDArray result, INDArray content) {
        return content.add(threefold(luminance(result).subi(luminance(content))));
    }

    private static INDArray threefold(INDArray luminance) {
        return Nd4j.concat(1, luminance, luminance, luminance);
    }

    private static INDArray luminance(INDArray picture) {
        INDArray sum = null;
        for (int channel = 0; channel < LUMINANCE.length; channel++) {
            INDArray part = picture.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(channel, channel + 1),
                            NDArrayIndex.all(),
                            NDArrayIndex.all())
                    .mul(LUMINANCE[channel]);
            sum = sum == null ? part : sum.addi(part);
        }
        return sum;
    }

    private static double deviation(INDArray luminance) {
        return luminance.stdNumber().doubleValue();
    }
}
