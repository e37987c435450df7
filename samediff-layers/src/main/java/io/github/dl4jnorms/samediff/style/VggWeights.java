package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.samediff.style.Vgg19.Convolution;
import io.github.dl4jnorms.samediff.weights.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** VGG-19's weights in the files of others. */
final class VggWeights {

    private static final int WIDTH = 64;

    private VggWeights() {}

    static Vgg19 load(TensorFile file, List<VggLayer> layers) {
        boolean torch = file.names().stream().anyMatch(name -> name.startsWith("features."));
        if (!torch && file.names().stream().noneMatch(name -> name.contains("block1_conv1"))) {
            file.require(List.of("features.0.weight (torchvision, timm) or block1_conv1 (Keras)"));
        }
        return torch ? torch(file, layers) : keras(file, layers);
    }

    private static Vgg19 torch(TensorFile file, List<VggLayer> layers) {
        List<String> names = layers.stream()
                .flatMap(layer -> List.of(torchName(layer, "weight"), torchName(layer, "bias")).stream())
                .toList();
        file.require(names);
        Map<String, Convolution> convolutions = new LinkedHashMap<>();
        for (VggLayer layer : layers) {
            INDArray weight =
                    checked(file, torchName(layer, "weight"), layer.channels(WIDTH), layer.inputs(WIDTH), 3, 3);
            INDArray bias = checked(file, torchName(layer, "bias"), layer.channels(WIDTH));
            convolutions.put(layer.name(), new Convolution(weight, bias));
        }
        return new Vgg19(file.path().getFileName() + ", torchvision's layout", torchvisionImages(), convolutions);
    }

    private static String torchName(VggLayer layer, String parameter) {
        return "features." + layer.index() + "." + parameter;
    }

    private static Vgg19 keras(TensorFile file, List<VggLayer> layers) {
        List<String> missing = new ArrayList<>();
        Map<String, Convolution> convolutions = new LinkedHashMap<>();
        for (VggLayer layer : layers) {
            String name = "block" + layer.block() + "_conv" + layer.number();
            Optional<String> kernel = kerasName(file, name, "(.*_W_1|kernel)");
            Optional<String> bias = kerasName(file, name, "(.*_b_1|bias)");
            if (kernel.isEmpty() || bias.isEmpty()) {
                missing.add(name + (kernel.isEmpty() ? "/kernel:0" : "/bias:0"));
                continue;
            }
            INDArray hwio = checked(file, kernel.get(), 3, 3, layer.inputs(WIDTH), layer.channels(WIDTH));
            convolutions.put(
                    layer.name(),
                    new Convolution(
                            hwio.permute(3, 2, 0, 1).dup('c'), checked(file, bias.get(), layer.channels(WIDTH))));
        }
        file.require(missing);
        return new Vgg19(file.path().getFileName() + ", Keras' layout", kerasImages(), convolutions);
    }

    /** The array of a layer: {@code block1_conv1/block1_conv1_W_1:0}, or {@code …/block1_conv1/block1_conv1/kernel:0}. */
    private static Optional<String> kerasName(TensorFile file, String layer, String parameter) {
        Pattern pattern = Pattern.compile("(.*/)?" + layer + "/" + parameter + ":0");
        return file.names().stream()
                .filter(name -> pattern.matcher(name).matches())
                .findFirst();
    }

    private static INDArray checked(TensorFile file, String name, long... shape) {
        if (!Arrays.equals(file.shape(name), shape)) {
            throw new IllegalArgumentException(file.path() + ": " + name + ": takes shape " + Arrays.toString(shape)
                    + ", received " + Arrays.toString(file.shape(name)));
        }
        return file.get(name);
    }

    /** {@code (x − mean) / std}, by ImageNet's channels. */
    static Convolution torchvisionImages() {
        float[] mean = {0.485f, 0.456f, 0.406f};
        float[] std = {0.229f, 0.224f, 0.225f};
        float[] weight = new float[9];
        float[] bias = new float[3];
        for (int c = 0; c < 3; c++) {
            weight[3 * c + c] = 1 / std[c];
            bias[c] = -mean[c] / std[c];
        }
        return pointwise(weight, bias);
    }

    /** {@code 255 x − mean}, the channels in the order BGR. */
    private static Convolution kerasImages() {
        float[] weight = new float[9];
        for (int c = 0; c < 3; c++) {
            weight[3 * c + 2 - c] = 255;
        }
        return pointwise(weight, new float[] {-103.939f, -116.779f, -123.68f});
    }

    private static Convolution pointwise(float[] weight, float[] bias) {
        return new Convolution(Nd4j.createFromArray(weight).reshape(3, 3, 1, 1), Nd4j.createFromArray(bias));
    }
}
