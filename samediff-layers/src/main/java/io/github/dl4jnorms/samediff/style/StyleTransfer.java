package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.op.ImageGatherOp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Arbitrary style transfer (Huang and Belongie, <a href="https://arxiv.org/abs/1703.06868">2017</a>): with f the encoder's
 * relu4_1 and g the decoder,
 *
 * <pre>
 * result = g(α t + (1 − α) f(content)),    t = Σᵢ wᵢ AdaIN(f(content), f(styleᵢ))</pre>
 *
 * <p>Images are {@code [N, 3, H, W]}, RGB, from 0 to 1. A content whose height or width is no multiple of 8 is continued by
 * its reflection at the bottom and the right, and the result is cut to its size.
 *
 * <p>An image of more than about a million pixels is computed in strips, so that its size does not matter to the memory. Only a
 * decoder with GroupNorm or InstanceNorm, whose statistics are the whole image's, takes all of the features at once.
 */
public final class StyleTransfer {

    /** Least height and width of a content or style image. */
    public static final int MIN_SIZE = 16;

    static final double EPSILON = 1e-5;

    private static final long STRIP_PIXELS = 1 << 20;

    private final Vgg19 encoder;
    private final AdaINDecoder decoder;
    private final Strips strips;

    /**
     * @param decoder one that was trained for this encoder
     */
    public StyleTransfer(Vgg19 encoder, AdaINDecoder decoder) {
        this(encoder, decoder, STRIP_PIXELS);
    }

    StyleTransfer(Vgg19 encoder, AdaINDecoder decoder, long stripPixels) {
        if (encoder.width() != decoder.width()) {
            throw new IllegalArgumentException("decoder: takes one for an encoder of width " + encoder.width()
                    + ", received one for width " + decoder.width());
        }
        this.encoder = encoder;
        this.decoder = decoder;
        this.strips = new Strips(stripPixels);
    }

    /** All of a style. */
    public INDArray apply(INDArray content, INDArray style) {
        return apply(content, style, 1);
    }

    /** A style by its share, as {@link #apply(INDArray, List, double[], double)}. */
    public INDArray apply(INDArray content, INDArray style, double alpha) {
        return apply(content, List.of(style), new double[] {1}, alpha);
    }

    /**
     * A mixture of styles.
     *
     * @param content {@code [N, 3, H, W]}, at least 16 by 16
     * @param styles each {@code [N, 3, H', W']}, at least 16 by 16
     * @param weights of each style, not negative; they are divided by their sum
     * @param alpha how much of the styles, from 0, the content as it is, to 1
     * @return {@code [N, 3, H, W]}, from 0 to 1
     */
    public INDArray apply(INDArray content, List<INDArray> styles, double[] weights, double alpha) {
        ImageArrays.check("content", content, MIN_SIZE);
        styles.forEach(style -> ImageArrays.check("style", style, MIN_SIZE));
        double[] shares = shares(styles, weights);
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha: takes a number from 0 to 1, received " + alpha);
        }
        INDArray features = encode(wholeCells(content));
        INDArray mixed = features.mul(1 - alpha);
        for (int i = 0; i < shares.length; i++) {
            INDArray transferred = Norms.adaIn(features, encode(styles.get(i)), EPSILON);
            mixed.addi(transferred.muli(alpha * shares[i]));
        }
        INDArray image = decode(mixed);
        INDArray cut = image.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(0, content.size(2)),
                NDArrayIndex.interval(0, content.size(3)));
        return Nd4j.math.clipByValue(cut, 0, 1);
    }

    INDArray encode(INDArray images) {
        return strips.encode(
                images, strip -> encoder.encode(strip, Vgg19.RELU4_1).get(Vgg19.RELU4_1));
    }

    INDArray decode(INDArray features) {
        boolean local = decoder.norm().isNone() || decoder.norm().usesBatchStatistics();
        return local ? strips.decode(features, decoder::decode) : decoder.decode(features);
    }

    private static double[] shares(List<INDArray> styles, double[] weights) {
        double sum = DoubleStream.of(weights).sum();
        boolean valid = DoubleStream.of(weights).allMatch(w -> w >= 0) && sum > 0 && sum < Double.POSITIVE_INFINITY;
        if (styles.isEmpty() || weights.length != styles.size() || !valid) {
            throw new IllegalArgumentException("weights: takes a weight from 0 for each of the " + styles.size()
                    + " styles, not all of them 0, received " + Arrays.toString(weights));
        }
        return DoubleStream.of(weights).map(w -> w / sum).toArray();
    }

    /** The image continued to a multiple of 8 each way. */
    private static INDArray wholeCells(INDArray image) {
        int rows = (int) (-image.size(2) & (AdaINDecoder.STRIDE - 1));
        int columns = (int) (-image.size(3) & (AdaINDecoder.STRIDE - 1));
        if (rows == 0 && columns == 0) {
            return image;
        }
        INDArray whole = Nd4j.createUninitialized(
                DataType.FLOAT, image.size(0), 3, image.size(2) + rows, image.size(3) + columns);
        ImageGatherOp.reflectionPadAfter(rows, columns).execute(List.of(image), List.of(whole));
        return whole;
    }
}
