package io.github.dl4jnorms.samediff.style;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

public final class Vgg19 {

    public static final String RELU3_1 = "relu3_1";
    public static final String RELU4_1 = "relu4_1";

    private Vgg19() {}

    /** relu1_1 … relu5_4, in order. */
    public static List<String> layers() {
        throw new UnsupportedOperationException();
    }

    /** To relu4_1. */
    public static Vgg19 load(Path file) {
        throw new UnsupportedOperationException();
    }

    /** To the last layer given, such as relu5_4. */
    public static Vgg19 load(Path file, String last) {
        throw new UnsupportedOperationException();
    }

    public static Vgg19 random(long seed) {
        throw new UnsupportedOperationException();
    }

    public static Vgg19 random(long seed, String last) {
        throw new UnsupportedOperationException();
    }

    /** Where the weights are from, to be read: "random weights, seed 7", "vgg19.safetensors (torchvision's layout)". */
    public String source() {
        throw new UnsupportedOperationException();
    }

    /** images [N, 3, H, W], RGB in [0, 1] → the last layer's activations. */
    public INDArray encode(INDArray images) {
        throw new UnsupportedOperationException();
    }

    /** The activations of some layers, by name. */
    public Map<String, INDArray> encode(INDArray images, String... layers) {
        throw new UnsupportedOperationException();
    }
}
