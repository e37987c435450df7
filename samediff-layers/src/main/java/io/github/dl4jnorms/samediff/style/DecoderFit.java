package io.github.dl4jnorms.samediff.style;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
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

    /** Of a kernel. */
    static final int TAPS = 9;

    private final Vgg19 encoder;
    private final List<VggLayer> layers = VggLayer.upTo(Vgg19.RELU4_1);
    private final List<INDArray> images = new ArrayList<>();
    /** Of each image, what the encoder has at each layer. */
    private final List<Map<String, INDArray>> activations = new ArrayList<>();

    /**
     * @param images {@code [N, 3, H, W]}, H and W multiples of 8
     */
    DecoderFit(Vgg19 encoder, INDArray images) {
        this.encoder = encoder;
        String[] names = layers.stream().map(VggLayer::name).toArray(String[]::new);
        for (long i = 0; i < images.size(0); i++) {
            INDArray image = example(images, i);
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
        activations.forEach(all -> features.add(all.get(Vgg19.RELU4_1)));
        for (int i = layers.size() - 1; i >= 0; i--) {
            VggLayer layer = layers.get(i);
            int inputs = layer.channels(encoder.width());
            LeastSquares squares = new LeastSquares((long) TAPS * inputs, layer.inputs(encoder.width()));
            for (int k = 0; k < images.size() && squares.count() < (long) PIXELS_PER_UNKNOWN * TAPS * inputs; k++) {
                squares.add(patches(features.get(k)), matrix(target(k, i)));
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
        INDArray y = map.weight().mmul(patches(x)).addiColumnVector(map.bias());
        INDArray active = Transforms.relu(y, false).reshape('c', 1, y.size(0), x.size(2), x.size(3));
        return upsampled ? upsample(active) : active;
    }

    private static INDArray upsample(INDArray x) {
        int rows = (int) (x.size(1) * x.size(2));
        int width = (int) x.size(3);
        float[] from = x.data().asFloat();
        float[] to = new float[4 * from.length];
        for (int i = 0; i < 2 * rows; i++) {
            for (int j = 0; j < 2 * width; j++) {
                to[i * 2 * width + j] = from[i / 2 * width + j / 2];
            }
        }
        return Nd4j.create(to, new long[] {1, x.size(1), 2 * x.size(2), 2L * width}, 'c');
    }

    /** One of a batch, {@code [1, C, H, W]}. */
    static INDArray example(INDArray batch, long i) {
        return batch.get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
    }

    /** The pixels of one image, {@code [C, H W]}. */
    static INDArray matrix(INDArray image) {
        return image.reshape('c', image.size(1), image.size(2) * image.size(3));
    }

    /** The 3×3 surroundings of each pixel, {@code [9 C, H W]}, by reflection at the border. */
    static INDArray patches(INDArray x) {
        int channels = (int) x.size(1);
        int height = (int) x.size(2);
        int width = (int) x.size(3);
        float[] from = x.dup('c').data().asFloat();
        float[] to = new float[TAPS * from.length];
        int at = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < TAPS; tap++) {
                for (int i = 0; i < height; i++) {
                    int row = (channel * height + reflected(i + tap / 3 - 1, height)) * width;
                    for (int j = 0; j < width; j++) {
                        to[at++] = from[row + reflected(j + tap % 3 - 1, width)];
                    }
                }
            }
        }
        return Nd4j.create(to, new long[] {(long) TAPS * channels, (long) height * width}, 'c');
    }

    private static int reflected(int i, int size) {
        return i < 0 ? -i : i < size ? i : 2 * size - 2 - i;
    }
}
