package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.samediff.style.Vgg19.Convolution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.MaxPooling2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Random weights for VGG-19 that are started by data (Salimans and Kingma,
 * <a href="https://arxiv.org/abs/1602.07868">2016</a>): the convolution's result z of each channel over a batch of images
 * gives weights {@code w / std(z)} and bias {@code 1 − mean(z) / std(z)}, so that each channel has mean 1 and deviation 1 before
 * its ReLU. With mean 0 half of all values would be cut off in each layer, and nine random layers of that keep little of the
 * image: linear regression finds 40 % of the variance of pixels in relu4_1 then, and 56 % with mean 1.
 */
final class RandomVgg {

    private static final int IMAGES = 8;
    private static final int SIZE = 64;

    /** Of a channel before its ReLU. */
    static final double MEAN = 1;

    private final long seed;
    private final Random random;
    private final int width;

    RandomVgg(long seed, int width) {
        this.seed = seed;
        this.random = new Random(seed);
        this.width = width;
    }

    Vgg19 build(List<VggLayer> layers) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            Convolution preprocess = VggWeights.torchvisionImages();
            INDArray x = convolve(images(), preprocess.weight(), 0);
            x.addi(preprocess.bias().reshape(1, 3, 1, 1));
            Map<String, Convolution> convolutions = new LinkedHashMap<>();
            for (VggLayer layer : layers) {
                INDArray input = layer.isAfterPooling() ? pool(x) : x;
                INDArray weight = gaussian(layer.channels(width), layer.inputs(width), 3, 3);
                INDArray z = convolve(input, weight, 1);
                BatchStatistics statistics = Norms.batchStatistics(z);
                INDArray std = Transforms.sqrt(statistics.variance());
                convolutions.put(
                        layer.name(),
                        new Convolution(
                                weight.div(std.reshape(std.length(), 1, 1, 1)),
                                statistics.mean().div(std).rsub(MEAN)));
                INDArray standardized = Norms.batchNorm(z, statistics.mean(), statistics.variance(), null, null, 0);
                x = Transforms.relu(standardized.addi(MEAN), false);
            }
            return new Vgg19("random weights, seed " + seed, preprocess, convolutions);
        }
    }

    private INDArray gaussian(long... shape) {
        float[] values = new float[Math.toIntExact(ArrayUtil.prodLong(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Nd4j.create(values, shape, 'c');
    }

    /** From 0 to 1: squares of random brightness and, half as much, of random colour, each size half of the one before. */
    INDArray images() {
        float[] values = new float[IMAGES * 3 * SIZE * SIZE];
        for (int n = 0; n < IMAGES; n++) {
            for (int square = SIZE; square >= 1; square /= 2) {
                addSquares(values, n, square);
            }
        }
        INDArray images = Nd4j.create(values, new long[] {IMAGES, 3, SIZE, SIZE}, 'c');
        return Transforms.sigmoid(images, false);
    }

    private void addSquares(float[] values, int n, int square) {
        for (int i = 0; i < SIZE; i += square) {
            for (int j = 0; j < SIZE; j += square) {
                float grey = (float) random.nextGaussian();
                for (int c = 0; c < 3; c++) {
                    float value = 0.5f * (grey + 0.5f * (float) random.nextGaussian());
                    for (int y = i; y < i + square; y++) {
                        int row = ((n * 3 + c) * SIZE + y) * SIZE;
                        for (int x = j; x < j + square; x++) {
                            values[row + x] += value;
                        }
                    }
                }
            }
        }
    }

    private static INDArray convolve(INDArray x, INDArray weight, int padding) {
        INDArray y = Nd4j.createUninitialized(
                DataType.FLOAT, new long[] {x.size(0), weight.size(0), x.size(2), x.size(3)}, 'c');
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(weight.size(2))
                .kW(weight.size(3))
                .pH(padding)
                .pW(padding)
                .weightsFormat(WeightsFormat.OIYX)
                .build();
        Nd4j.exec(new Conv2D(x, weight, null, y, config));
        return y;
    }

    private static INDArray pool(INDArray x) {
        Pooling2DConfig config =
                Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).build();
        return Nd4j.exec(new MaxPooling2D(x, null, config))[0];
    }
}
