package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import io.github.dl4jnorms.samediff.conv.ConvNorm;
import io.github.dl4jnorms.samediff.conv.PaddingMode;
import io.github.dl4jnorms.samediff.conv.Upsample2D;
import io.github.dl4jnorms.samediff.weights.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes images of VGG-19's features at relu4_1: the mirror of the encoder, with nearest-neighbour upsampling instead of
 * pooling and reflection instead of zeros around images (Huang and Belongie,
 * <a href="https://arxiv.org/abs/1703.06868">Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization</a>,
 * 2017). Nine 3×3 convolutions, after each but the last a norm, none in the paper, and ReLU; of a finer layer's features the
 * last of them, from the one that mirrors it:
 *
 * <pre>
 * 512 → 256, upsampling, 256 → 256 three times, 256 → 128, upsampling, 128 → 128, 128 → 64, upsampling, 64 → 64, 64 → 3</pre>
 *
 * <p>Input: {@code [N, 512, h, w]}, h and w at least 2. Output: {@code [N, 3, 8 h, 8 w]}, RGB, about 0 to 1; of relu3_1 and
 * relu2_1 with 256 and 128 channels, and 4 and 2 for the 8.
 */
public final class AdaINDecoder {

    /** Rows and columns of the image for each of the features. */
    static final int STRIDE = 8;

    private static final String PREFIX = "decoder";
    private static final String NORM = "norm";
    private static final String ENCODER = "encoder";
    private static final String LAYER = "layer";

    /** Any size: layers do not depend on it. */
    private static final int NOMINAL_SIZE = 8;

    private final NormSpec norm;
    private final String encoder;
    private final VggLayer layer;
    private final int width;
    private final ComputationGraph network;

    private AdaINDecoder(NormSpec norm, String encoder, VggLayer layer, int width, long seed) {
        this.norm = norm;
        this.encoder = encoder;
        this.layer = layer;
        this.width = width;
        GraphBuilder graph =
                new NeuralNetConfiguration.Builder().seed(seed).graphBuilder().addInputs("features");
        String image = addTo(graph, "features", layer, norm, width);
        this.network = new ComputationGraph(graph.setOutputs(image)
                .setInputTypes(InputType.convolutional(NOMINAL_SIZE, NOMINAL_SIZE, layer.channels(width)))
                .build());
        network.init();
    }

    /** An untrained decoder for any encoder. */
    public static AdaINDecoder create(NormSpec norm, long seed) {
        return create(norm, "", 64, seed);
    }

    /**
     * An untrained decoder that begins as the encoder's mirror image, from which training goes on much faster than from random
     * weights: each convolution is the transpose of the one that it mirrors, standardized over a batch of images, and the last
     * gives these images' colours as well as it can.
     *
     * @param images {@code [N, 3, H, W]}, RGB, from 0 to 1, H and W multiples of 8 and at least 16; 8 of 64 × 64 are plenty
     */
    public static AdaINDecoder mirroring(Vgg19 encoder, NormSpec norm, INDArray images) {
        ImageArrays.check("images", images, StyleTransfer.MIN_SIZE);
        AdaINDecoder decoder = create(norm, encoder.source(), encoder.width(), 0);
        Map<String, INDArray> mirrored = new LinkedHashMap<>();
        List<VggLayer> layers = VggLayer.upTo(Vgg19.RELU4_1);
        for (int i = layers.size() - 1; i > 0; i--) {
            mirrored.put(name(layers.get(i)), encoder.weight(layers.get(i).name()));
        }
        new MirroredStart(decoder.network, encoder, images).apply(mirrored, name(layers.get(0)));
        return decoder;
    }

    private static String name(VggLayer mirrored) {
        return PREFIX + mirrored.block() + "-" + mirrored.number();
    }

    /**
     * @param width channels of relu1_1
     */
    static AdaINDecoder create(NormSpec norm, String encoder, int width, long seed) {
        return create(norm, encoder, VggLayer.of(Vgg19.RELU4_1), width, seed);
    }

    static AdaINDecoder create(NormSpec norm, String encoder, VggLayer layer, int width, long seed) {
        return new AdaINDecoder(Objects.requireNonNull(norm, "norm"), encoder, layer, width, seed);
    }

    /**
     * A decoder without a norm that is fitted to its encoder by least squares, convolution by convolution: it gives images back
     * without a step of training, and is a start for one.
     *
     * @param layer whose features it decodes, such as {@link Vgg19#RELU4_1}
     * @param images {@code [N, 3, H, W]}, RGB, from 0 to 1, H and W multiples of 8 and at least 16; 48 of 128 × 128 take 17 MB each
     * @param done hears after each of the convolutions, {@link Vgg19#depth} of the layer, how many are fitted
     */
    public static AdaINDecoder fitted(Vgg19 encoder, String layer, INDArray images, IntConsumer done) {
        ImageArrays.check("images", images, StyleTransfer.MIN_SIZE);
        List<VggLayer> layers = VggLayer.upTo(layer);
        AdaINDecoder decoder = create(NormSpec.NONE, encoder.source(), VggLayer.of(layer), encoder.width(), 0);
        Iterator<Vgg19.Convolution> convolutions =
                new DecoderFit(encoder, layers, images).convolutions(done).iterator();
        for (int i = layers.size() - 1; i >= 0; i--) {
            Vgg19.Convolution convolution = convolutions.next();
            decoder.network.getLayer(name(layers.get(i))).getParam("W").assign(convolution.weight());
            INDArray bias = decoder.network.getLayer(name(layers.get(i))).getParam("b");
            bias.assign(convolution.bias().reshape(bias.shape()));
        }
        return decoder;
    }

    /**
     * Adds a decoder's layers to a graph, which mirror those of the encoder.
     *
     * @return the name of the layer that is the image
     */
    static String addTo(GraphBuilder graph, String input, VggLayer from, NormSpec norm, int width) {
        List<VggLayer> layers = VggLayer.upTo(from.name());
        String x = input;
        for (int i = layers.size() - 1; i >= 0; i--) {
            VggLayer layer = layers.get(i);
            String name = name(layer);
            Conv2D.Builder conv = new Conv2D.Builder()
                    .nOut(layer.inputs(width))
                    .kernel(3)
                    .padding(1)
                    .paddingMode(PaddingMode.REFLECT)
                    .inputGradient(i < layers.size() - 1);
            if (i == 0) {
                graph.addLayer(name, conv.biasInit(0.5).build(), x);
                return name;
            }
            x = ConvNorm.add(graph, name, x, conv, norm, Activation.RELU);
            if (layer.isAfterPooling()) {
                graph.addLayer(name + "-up", new Upsample2D.Builder().build(), x);
                x = name + "-up";
            }
        }
        throw new AssertionError("an encoder without layers");
    }

    /**
     * Loads what {@link #save}, or {@link StyleTraining#save}, has written.
     *
     * @throws IllegalArgumentException if the file is no such thing
     */
    public static AdaINDecoder load(Path file) {
        Safetensors tensors = Safetensors.open(file);
        String norm = tensors.metadata().get(NORM);
        if (norm == null) {
            throw new IllegalArgumentException(
                    file + ": takes a decoder's file, with a norm in its metadata, received " + tensors.metadata());
        }
        String first = PREFIX + "1-1.W";
        tensors.require(List.of(first));
        AdaINDecoder decoder = create(
                NormSpec.parse(norm),
                tensors.metadata().getOrDefault(ENCODER, ""),
                VggLayer.of(tensors.metadata().getOrDefault(LAYER, Vgg19.RELU4_1)),
                (int) tensors.shape(first)[1],
                0);
        Map<String, INDArray> parameters = decoder.parameters();
        tensors.require(List.copyOf(parameters.keySet()));
        parameters.forEach((name, parameter) -> {
            if (!Arrays.equals(tensors.shape(name), parameter.shape())) {
                throw new IllegalArgumentException(file + ": " + name + ": takes shape "
                        + Arrays.toString(parameter.shape()) + ", received " + Arrays.toString(tensors.shape(name)));
            }
            parameter.assign(tensors.get(name));
        });
        return decoder;
    }

    /** Writes the decoder as safetensors, its norm and its encoder in the metadata. */
    public void save(Path file) {
        Safetensors.write(file, parameters(), metadata());
    }

    Map<String, String> metadata() {
        return Map.of(NORM, norm.toString(), ENCODER, encoder, LAYER, layer.name());
    }

    /** By {@code LAYER.NAME}, the parameters and buffers themselves. */
    Map<String, INDArray> parameters() {
        return parameters(network);
    }

    /** Those of the decoder's layers in a graph. */
    static Map<String, INDArray> parameters(ComputationGraph graph) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (name.startsWith(PREFIX)) {
                layer.paramTable().forEach((key, parameter) -> parameters.put(name + "." + key, parameter));
            }
        }
        return parameters;
    }

    /** The norm between convolutions and ReLUs. */
    public NormSpec norm() {
        return norm;
    }

    /** The {@link Vgg19#source} of the encoder that it was trained for, empty if it was not. */
    public String encoder() {
        return encoder;
    }

    /** The name of the encoder's layer whose features it decodes, such as {@link Vgg19#RELU4_1}. */
    public String features() {
        return layer.name();
    }

    VggLayer layer() {
        return layer;
    }

    /** Channels of relu1_1. */
    int width() {
        return width;
    }

    /** Numbers that training changes, a BatchNorm's statistics among them. */
    public long parameterCount() {
        return network.numParams();
    }

    /**
     * Images of features.
     *
     * @param features {@code [N, 512, h, w]}, h and w at least 2
     * @return {@code [N, 3, 8 h, 8 w]}, not clipped
     */
    public INDArray decode(INDArray features) {
        long channels = layer.channels(width);
        if (features.rank() != 4 || features.size(1) != channels || features.size(2) < 2 || features.size(3) < 2) {
            throw new IllegalArgumentException("features: takes [N, " + channels
                    + ", h, w] with h and w at least 2, received " + Arrays.toString(features.shape()));
        }
        return network.output(false, features)[0];
    }

    @Override
    public String toString() {
        return "AdaIN decoder of " + layer.name() + " with norm " + norm;
    }
}
