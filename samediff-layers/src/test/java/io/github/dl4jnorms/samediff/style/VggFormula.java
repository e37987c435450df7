package io.github.dl4jnorms.samediff.style;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The weights and the image of {@code src/test/python/vgg19.py}. */
final class VggFormula {

    private VggFormula() {}

    /** Uniform from −1 to 1: element i is Murmur3's finalizer of i times 2654435761 plus stream times 0x9E3779B9. */
    private static INDArray noise(int stream, long... shape) {
        float[] values = new float[(int) ArrayUtil.prodLong(shape)];
        for (int i = 0; i < values.length; i++) {
            int h = i * 0x9E3779B1 + stream * 0x9E3779B9;
            h ^= h >>> 16;
            h *= 0x85EBCA6B;
            h ^= h >>> 13;
            h *= 0xC2B2AE35;
            h ^= h >>> 16;
            values[i] = (float) (Integer.toUnsignedLong(h) / 0x1p31 - 1);
        }
        return Nd4j.create(values, shape, 'c');
    }

    static INDArray image() {
        return noise(100, 1, 3, 32, 40).divi(2).addi(0.5);
    }

    /** By torchvision's names, to relu4_1. */
    static Map<String, INDArray> weights() {
        Map<String, INDArray> weights = new LinkedHashMap<>();
        List<VggLayer> layers = VggLayer.upTo(Vgg19.RELU4_1);
        for (int i = 0; i < layers.size(); i++) {
            VggLayer layer = layers.get(i);
            INDArray weight = noise(2 * i, layer.channels(64), layer.inputs(64), 3, 3);
            weight.muli((float) Math.sqrt(6.0 / (layer.inputs(64) * 9)));
            weights.put("features." + layer.index() + ".weight", weight);
            weights.put(
                    "features." + layer.index() + ".bias",
                    noise(2 * i + 1, layer.channels(64)).muli(0.1f));
        }
        return weights;
    }
}
