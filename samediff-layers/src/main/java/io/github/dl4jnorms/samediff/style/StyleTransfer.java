package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.op.ImageGatherOp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Arbitrary style transfer (Huang and Belongie, <a href="https://arxiv.org/abs/1703.06868">2017</a>): with f the encoder's
 * relu4_1 and g the decoder,
 *
 * <pre>
 * result = g(α t + (1 − α) f(content)),    t = Σᵢ wᵢ AdaIN(f(content), f(styleᵢ))</pre>
 *
 * <p>With decoders of finer layers behind it, the content is painted again from coarse to fine (Li et al.,
 * <a href="https://arxiv.org/abs/1705.08086">2017</a>), with strokes that the result so far calls for: with f the encoder to the
 * layer, g its decoder,
 *
 * <pre>
 * result' = g(α t + (1 − α) f(content)),
 * t = Σᵢ wᵢ AdaIN((1 − strokes) n(f(content)) + strokes · swap(n(f(result)), n(f(styleᵢ))), f(styleᵢ))</pre>
 *
 * where n makes mean 0 and deviation 1 of each channel, and swap puts in place of every 3×3 patch the style's most similar one
 * (Chen and Schmidt, <a href="https://arxiv.org/abs/1612.04337">2016</a>).
 *
 * <p>Images are {@code [N, 3, H, W]}, RGB, from 0 to 1. A content whose height or width is no multiple of 8 is continued by
 * its reflection at the bottom and the right, and the result is cut to its size.
 *
 * <p>An image of more than about 512 × 512 pixels is computed in strips, so that its size does not matter to the memory but for
 * the features at a layer. Only a decoder with GroupNorm or InstanceNorm, whose statistics are the whole image's, takes all of
 * them at once.
 */
public final class StyleTransfer {

    /** Least height and width of a content or style image. */
    public static final int MIN_SIZE = 16;

    static final double EPSILON = 1e-5;

    private static final long STRIP_PIXELS = 1 << 18;

    private final Vgg19 encoder;
    private final List<AdaINDecoder> decoders;
    private final double strokes;
    private final Strips strips;

    /**
     * Without strokes, as the paper's.
     *
     * @param decoder one that was trained for this encoder
     */
    public StyleTransfer(Vgg19 encoder, AdaINDecoder decoder) {
        this(encoder, List.of(decoder), 0);
    }

    /**
     * @param decoders for this encoder, from the coarsest layer's to the finest's; strokes are painted with all but the first
     * @param strokes share of the style's own patches, from 0 to 1
     */
    public StyleTransfer(Vgg19 encoder, List<AdaINDecoder> decoders, double strokes) {
        this(encoder, decoders, strokes, STRIP_PIXELS);
    }

    StyleTransfer(Vgg19 encoder, List<AdaINDecoder> decoders, double strokes, long stripPixels) {
        for (AdaINDecoder decoder : decoders) {
            if (encoder.width() != decoder.width()) {
                throw new IllegalArgumentException("decoder: takes one for an encoder of width " + encoder.width()
                        + ", received one for width " + decoder.width());
            }
        }
        if (decoders.isEmpty()) {
            throw new IllegalArgumentException("decoders: takes at least one, received none");
        }
        this.encoder = encoder;
        this.decoders = List.copyOf(decoders);
        this.strokes = requireShare("strokes", strokes);
        this.strips = new Strips(stripPixels);
    }

    private static double requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": takes a number from 0 to 1, received " + value);
        }
        return value;
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
        for (INDArray style : styles) {
            ImageArrays.check("style", style, MIN_SIZE);
            if (style.size(0) != content.size(0)) {
                throw new IllegalArgumentException("style: takes an image for each of the " + content.size(0)
                        + " of the content, received " + style.size(0));
            }
        }
        double[] shares = shares(styles, weights);
        requireShare("alpha", alpha);
        INDArray[] results = new INDArray[(int) content.size(0)];
        for (int i = 0; i < results.length; i++) {
            int example = i;
            results[i] = applyToOne(
                    ImageArrays.example(content, i),
                    styles.stream()
                            .map(style -> ImageArrays.example(style, example))
                            .toList(),
                    shares,
                    alpha);
        }
        return results.length == 1 ? results[0] : Nd4j.concat(0, results);
    }

    /** A style at a layer. */
    private record Target(INDArray mean, INDArray deviation, StyleSwap swap) {}

    private INDArray applyToOne(INDArray content, List<INDArray> styles, double[] shares, double alpha) {
        INDArray whole = wholeCells(content);
        INDArray picture = null;
        for (AdaINDecoder decoder : decoders) {
            VggLayer layer = decoder.layer();
            boolean stroked = picture != null && strokes > 0;
            List<Target> targets =
                    styles.stream().map(style -> target(style, layer, stroked)).toList();
            List<int[]> nearest = stroked ? nearest(picture, layer, targets) : List.of();
            INDArray features = normalize(encode(whole, layer));
            INDArray mixed = null;
            for (int i = 0; i < shares.length; i++) {
                Target target = targets.get(i);
                INDArray x = stroked ? normalize(target.swap.mix(features, nearest.get(i), strokes)) : features.dup();
                x.muli(target.deviation).addi(target.mean).muli(alpha * shares[i]);
                mixed = mixed == null ? x : mixed.addi(x);
            }
            features.close();
            if (alpha < 1) {
                mixed.addi(encode(whole, layer).muli(1 - alpha));
            }
            picture = decode(mixed, decoder);
            mixed.close();
        }
        INDArray cut = picture.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(0, content.size(2)),
                NDArrayIndex.interval(0, content.size(3)));
        return Nd4j.math.clipByValue(cut, 0, 1);
    }

    private Target target(INDArray style, VggLayer layer, boolean stroked) {
        INDArray features = encode(style, layer);
        long[] perChannel = {1, features.size(1), 1, 1};
        BatchStatistics statistics = Norms.batchStatistics(features);
        INDArray deviation = Transforms.sqrt(statistics.variance().add(EPSILON));
        StyleSwap swap = stroked ? new StyleSwap(normalize(features)) : null;
        features.close();
        return new Target(statistics.mean().reshape(perChannel), deviation.reshape(perChannel), swap);
    }

    private List<int[]> nearest(INDArray picture, VggLayer layer, List<Target> targets) {
        INDArray features = normalize(encode(picture, layer));
        List<int[]> nearest =
                targets.stream().map(target -> target.swap.nearest(features)).toList();
        features.close();
        return nearest;
    }

    /** Mean 0 and deviation 1 in each channel, in place. */
    static INDArray normalize(INDArray features) {
        return Norms.instanceNorm(features, null, null, EPSILON, features);
    }

    INDArray encode(INDArray image, VggLayer layer) {
        return strips.encode(
                image,
                layer.stride(),
                strip -> encoder.encode(strip, layer.name()).get(layer.name()));
    }

    INDArray decode(INDArray features, AdaINDecoder decoder) {
        boolean local = decoder.norm().isNone() || decoder.norm().usesBatchStatistics();
        return local ? strips.decode(features, decoder.layer().stride(), decoder::decode) : decoder.decode(features);
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
