package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.samediff.conv.Conv2D;
import io.github.dl4jnorms.samediff.conv.MaxPool2D;
import io.github.dl4jnorms.samediff.weights.TensorFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The convolutions of VGG-19, frozen: what a picture's features are for style transfer (Simonyan and Zisserman,
 * <a href="https://arxiv.org/abs/1409.1556">Very Deep Convolutional Networks for Large-Scale Image Recognition</a>, 2014).
 * Sixteen 3×3 convolutions with zero padding, each with ReLU, in five blocks with 2×2 max pooling between them; the layers are
 * named relu1_1 … relu5_4, after block and convolution.
 *
 * <p>Input: images {@code [N, 3, H, W]}, RGB, from 0 to 1. What each source of weights wants of its images is a part of the
 * network, a 1×1 convolution before the first, so that the padding comes after it as it does there: torchvision's
 * {@code (x − mean) / std}, or Keras' {@code 255 x − mean} in BGR.
 *
 * <p>Output: relu<i>b</i>_<i>c</i> is {@code [N, C, ⌊H / 2ᵇ⁻¹⌋, ⌊W / 2ᵇ⁻¹⌋]} with C 64, 128, 256, 512, 512 by block.
 */
public final class Vgg19 {

    /** The layer at which AdaIN works. */
    public static final String RELU4_1 = "relu4_1";

    /** A finer one, at which strokes are painted. */
    public static final String RELU3_1 = "relu3_1";

    /** The finest of them. */
    public static final String RELU2_1 = "relu2_1";

    private static final String PREPROCESS = "preprocess";

    /** Any size: layers do not depend on it. */
    private static final int NOMINAL_SIZE = 64;

    private final String source;
    private final Map<String, Convolution> convolutions;
    private ComputationGraph network;

    /**
     * A convolution's parameters.
     *
     * @param weight {@code [out, in, height, width]}
     * @param bias {@code [out]}
     */
    record Convolution(INDArray weight, INDArray bias) {}

    /**
     * @param source where the weights are from, to be read
     * @param preprocess the 1×1 convolution that the images go through first
     * @param layers by name, relu1_1 and on
     */
    Vgg19(String source, Convolution preprocess, Map<String, Convolution> layers) {
        this.source = source;
        this.convolutions = new LinkedHashMap<>();
        convolutions.put(PREPROCESS, preprocess);
        convolutions.putAll(layers);
    }

    /** The names of all sixteen layers, relu1_1 to relu5_4, in order. */
    public static List<String> layers() {
        return VggLayer.all().stream().map(VggLayer::name).toList();
    }

    /** How many convolutions there are to a layer, its own included. */
    public static int depth(String layer) {
        return VggLayer.upTo(layer).size();
    }

    /** Loads the weights to relu4_1, 3.5 million. */
    public static Vgg19 load(Path file) {
        return load(file, RELU4_1);
    }

    /**
     * Loads the weights to a layer from torchvision's or timm's {@code vgg19} as {@code .safetensors}, or from Keras'
     * {@code .h5}.
     *
     * @param last one of {@link #layers}
     * @throws IllegalArgumentException if the file is none of these, or damaged
     */
    public static Vgg19 load(Path file, String last) {
        return VggWeights.load(TensorFile.open(file), VggLayer.upTo(last));
    }

    /** Random weights to relu4_1. */
    public static Vgg19 random(long seed) {
        return random(seed, RELU4_1);
    }

    /**
     * Random weights to a layer, normalized layer by layer: each channel has mean 0 and variance 1 before its ReLU, over seeded
     * images of noise that is coarse and fine, as photographs are. So no channel is dead, and none outweighs the others.
     *
     * @param last one of {@link #layers}
     */
    public static Vgg19 random(long seed, String last) {
        return random(seed, last, 64);
    }

    /** The same with other numbers of channels, multiples of {@code width}, which is 64 in VGG-19: a small one, for tries. */
    public static Vgg19 random(long seed, String last, int width) {
        return new RandomVgg(seed, width).build(VggLayer.upTo(last));
    }

    /** Where the weights are from, to be read. */
    public String source() {
        return source;
    }

    /** Channels of relu1_1, of which the other layers' are multiples. */
    int width() {
        return (int) convolutions.get("relu1_1").weight.size(0);
    }

    /** The last layer that there are weights for. */
    String last() {
        return List.copyOf(convolutions.keySet()).get(convolutions.size() - 1);
    }

    /** The activations of the last layer. */
    public INDArray encode(INDArray images) {
        return encode(images, last()).get(last());
    }

    /**
     * The activations of some layers, by name, in one pass.
     *
     * @param images {@code [N, 3, H, W]}, RGB, from 0 to 1, H and W at least 2 to the number of poolings before the layers
     * @param layers some of {@link #layers}, up to the last that there are weights for
     */
    public Map<String, INDArray> encode(INDArray images, String... layers) {
        List<String> names = List.of(layers);
        names.forEach(this::require);
        int least = names.stream()
                .mapToInt(name -> VggLayer.of(name).stride())
                .max()
                .orElse(1);
        ImageArrays.check("images", images, least);
        INDArray[] activations = network().output(names, false, new INDArray[] {images}, null);
        Map<String, INDArray> result = new LinkedHashMap<>();
        for (int i = 0; i < activations.length; i++) {
            result.put(layers[i], activations[i]);
        }
        return result;
    }

    private void require(String layer) {
        if (layer.equals(PREPROCESS) || !convolutions.containsKey(layer)) {
            throw new IllegalArgumentException("layers: takes " + "relu1_1 to " + last() + ", received " + layer);
        }
    }

    private synchronized ComputationGraph network() {
        if (network == null) {
            GraphBuilder graph =
                    new NeuralNetConfiguration.Builder().graphBuilder().addInputs("image");
            addTo(graph, "image");
            network = new ComputationGraph(graph.setOutputs(last())
                    .setInputTypes(InputType.convolutional(NOMINAL_SIZE, NOMINAL_SIZE, 3))
                    .build());
            network.init();
            copyTo(network);
        }
        return network;
    }

    /** The weight of a convolution, {@code [out, in, 3, 3]}. */
    INDArray weight(String layer) {
        require(layer);
        return convolutions.get(layer).weight;
    }

    /** Adds the layers to a graph, under their own names; gradients flow through them to the input. */
    void addTo(GraphBuilder graph, String input) {
        graph.addLayer(PREPROCESS, convolution(PREPROCESS).build(), input);
        String x = PREPROCESS;
        for (String name : convolutions.keySet().stream().skip(1).toList()) {
            VggLayer layer = VggLayer.of(name);
            if (layer.isAfterPooling()) {
                String pool = "pool" + (layer.block() - 1);
                graph.addLayer(pool, new MaxPool2D.Builder().build(), x);
                x = pool;
            }
            graph.addLayer(
                    name,
                    convolution(name).padding(1).activation(Activation.RELU).build(),
                    x);
            x = name;
        }
    }

    private Conv2D.Builder convolution(String name) {
        INDArray weight = convolutions.get(name).weight;
        return new Conv2D.Builder()
                .nOut(weight.size(0))
                .kernel((int) weight.size(2))
                .frozen(true);
    }

    /** Gives the layers of a graph that were added to it their weights. */
    void copyTo(ComputationGraph graph) {
        convolutions.forEach((name, convolution) -> {
            graph.getLayer(name).setParam("W", convolution.weight);
            graph.getLayer(name)
                    .setParam(
                            "b",
                            convolution.bias.reshape(
                                    graph.getLayer(name).getParam("b").shape()));
        });
    }

    @Override
    public String toString() {
        return "VGG-19 to " + last() + ", " + source;
    }
}
