package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.op.ImageGatherOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Fits a decoder without a norm to its encoder, convolution by convolution from the features on: each is the least squares'
 * solution that makes, of what the decoder has come to, what the encoder had at the same place before its own convolution and
 * pooling. The last one makes the image. No step of training is taken.
 */
final class DecoderFit {

    private static final double RIDGE = 1e-4;

    /** Pixels for each unknown of an output that are enough. */
    private static final int PIXELS_PER_UNKNOWN = 200;

    private final Vgg19 encoder;
    private final List<VggLayer> layers;
    private final List<INDArray> images = new ArrayList<>();
    /** Of each image, what the encoder has at each layer. */
    private final List<Map<String, INDArray>> activations = new ArrayList<>();

    /**
     * @param layers from the first to the one whose features are decoded
     * @param images {@code [N, 3, H, W]}, H and W multiples of 8
     */
    DecoderFit(Vgg19 encoder, List<VggLayer> layers, INDArray images) {
        this.encoder = encoder;
        this.layers = layers;
        String[] names = layers.stream().map(VggLayer::name).toArray(String[]::new);
        for (long i = 0; i < images.size(0); i++) {
            INDArray image = ImageArrays.example(images, i);
            this.images.add(image);
            activations.add(encoder.encode(image, names));
        }
    }

    /**
     * The convolutions, from the decoder's first to its last.
     *
     * @param done hears how many there are after each
     */
    List<Vgg19.Convolution> convolutions(IntConsumer done) {
        List<Vgg19.Convolution> convolutions = new ArrayList<>();
        List<INDArray> features = new ArrayList<>();
        String last = layers.get(layers.size() - 1).name();
        activations.forEach(all -> features.add(all.get(last)));
        for (int i = layers.size() - 1; i >= 0; i--) {
            VggLayer layer = layers.get(i);
            int inputs = layer.channels(encoder.width());
            LeastSquares squares = new LeastSquares((long) Patches.TAPS * inputs, layer.inputs(encoder.width()));
            for (int k = 0;
                    k < images.size() && squares.count() < (long) PIXELS_PER_UNKNOWN * Patches.TAPS * inputs;
                    k++) {
                squares.add(Patches.of(features.get(k)), matrix(target(k, i)));
            }
            LeastSquares.Map map = squares.solve(RIDGE);
            convolutions.add(new Vgg19.Convolution(
                    map.weight().reshape(map.weight().size(0), inputs, 3, 3),
                    map.bias().reshape(map.bias().length())));
            if (i > 0) {
                features.replaceAll(x -> next(x, map, layer.isAfterPooling()));
            }
            done.accept(convolutions.size());
        }
        return convolutions;
    }

    /** What the encoder had of an image before a layer, averaged where it pooled. */
    private INDArray target(int image, int layer) {
        if (layer == 0) {
            return images.get(image);
        }
        INDArray x = activations.get(image).get(layers.get(layer - 1).name());
        return layers.get(layer).isAfterPooling()
                ? x.reshape('c', x.size(1), x.size(2) / 2, 2, x.size(3) / 2, 2)
                        .mean(2, 4)
                        .reshape('c', 1, x.size(1), x.size(2) / 2, x.size(3) / 2)
                : x;
    }

    private static INDArray next(INDArray x, LeastSquares.Map map, boolean upsampled) {
        INDArray y = map.weight().mmul(Patches.of(x)).addiColumnVector(map.bias());
        INDArray active = Transforms.relu(y, false).reshape('c', 1, y.size(0), x.size(2), x.size(3));
        return upsampled ? upsample(active) : active;
    }

    private static INDArray upsample(INDArray x) {
        INDArray y = Nd4j.createUninitialized(x.dataType(), x.size(0), x.size(1), 2 * x.size(2), 2 * x.size(3));
        ImageGatherOp.upsample(2).execute(List.of(x), List.of(y));
        return y;
    }

    /** The pixels of one image, {@code [C, H W]}. */
    static INDArray matrix(INDArray image) {
        return image.reshape('c', image.size(1), image.size(2) * image.size(3));
    }
}
