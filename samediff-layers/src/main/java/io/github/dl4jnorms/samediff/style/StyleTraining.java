package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Trains an {@link AdaINDecoder} for an encoder (Huang and Belongie, <a href="https://arxiv.org/abs/1703.06868">2017</a>): with
 * t the AdaIN of content and style at relu4_1 and g(t) the decoder's image, Adam minimizes
 *
 * <pre>‖relu4_1(g(t)) − t‖²  +  styleWeight · Σ over relu1_1 … relu4_1 of ‖mean(g(t)) − mean(style)‖² + ‖std(g(t)) − std(style)‖²</pre>
 *
 * means of squares each, see {@link ContentLoss} and {@link StyleLoss}. The gradient goes through the encoder, whose weights
 * stay as they are. Defaults: style weight 10, learning rate 1e-4.
 */
public final class StyleTraining {

    public static final double DEFAULT_STYLE_WEIGHT = 10;
    public static final double DEFAULT_LEARNING_RATE = 1e-4;

    private static final List<String> STYLE_LAYERS = List.of("relu1_1", "relu2_1", "relu3_1", Vgg19.RELU4_1);
    private static final String FEATURES = "features";
    private static final String TARGET = "target";
    private static final String STATISTICS = "statistics-";
    private static final int CONTENT_LOSS = 0;
    private static final int STYLE_LOSS = 1;

    private static final String ADAM = "adam";
    private static final String ITERATION = "iteration";
    private static final String STYLE_WEIGHT_KEY = "style-weight";
    private static final String LEARNING_RATE_KEY = "learning-rate";

    private final Vgg19 encoder;
    private final NormSpec norm;
    private final double styleWeight;
    private final Rate learningRate;
    private final ComputationGraph network;

    /** A training with the defaults. */
    public StyleTraining(Vgg19 encoder, NormSpec norm, long seed) {
        this(encoder, norm, DEFAULT_STYLE_WEIGHT, DEFAULT_LEARNING_RATE, seed);
    }

    /**
     * A training that starts with {@link AdaINDecoder#create} of the norm and the seed.
     *
     * @param styleWeight of the style loss, the content loss having 1
     * @param learningRate Adam's
     */
    public StyleTraining(Vgg19 encoder, NormSpec norm, double styleWeight, double learningRate, long seed) {
        this(encoder, AdaINDecoder.create(norm, encoder.source(), encoder.width(), seed), styleWeight, learningRate);
    }

    /**
     * A training that starts with a decoder, which stays as it is.
     *
     * @param start such as {@link AdaINDecoder#mirroring}
     */
    public StyleTraining(Vgg19 encoder, AdaINDecoder start, double styleWeight, double learningRate) {
        if (!start.layer().name().equals(Vgg19.RELU4_1)) {
            throw new IllegalArgumentException("start: takes a decoder of relu4_1, received " + start);
        }
        this.encoder = encoder;
        this.norm = start.norm();
        this.styleWeight = requirePositive("styleWeight", styleWeight);
        this.learningRate = new Rate(requirePositive("learningRate", learningRate));
        this.network = new ComputationGraph(configuration(encoder, norm, this.learningRate, DataType.FLOAT));
        network.init();
        encoder.copyTo(network);
        AdaINDecoder.parameters(network)
                .forEach(
                        (name, parameter) -> parameter.assign(start.parameters().get(name)));
    }

    /** The rate of now. ComputationGraph's own way to change it fails where a layer has nothing to train, as the encoder's. */
    private static final class Rate implements ISchedule {
        private double value;

        Rate(double value) {
            this.value = value;
        }

        @Override
        public double valueAt(int iteration, int epoch) {
            return value;
        }

        @Override
        public ISchedule clone() {
            return this;
        }
    }

    private static double requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": takes a number greater than 0, received " + value);
        }
        return value;
    }

    /**
     * The graph whose outputs are the two losses of each example. Its inputs are the target t, once for the decoder, which
     * computes no gradient of it, and once for the content loss; and the statistics of the style at each layer.
     */
    static ComputationGraphConfiguration configuration(
            Vgg19 encoder, NormSpec norm, ISchedule learningRate, DataType type) {
        int size = StyleTransfer.MIN_SIZE / AdaINDecoder.STRIDE;
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new Adam(learningRate))
                .graphBuilder();
        List<String> statistics =
                STYLE_LAYERS.stream().map(name -> STATISTICS + name).toList();
        VggLayer layer = VggLayer.of(Vgg19.RELU4_1);
        InputType features = InputType.convolutional(size, size, layer.channels(encoder.width()));
        List<InputType> types = new ArrayList<>(List.of(features, features));
        STYLE_LAYERS.forEach(
                name -> types.add(InputType.feedForward(2L * VggLayer.of(name).channels(encoder.width()))));
        graph.addInputs(FEATURES, TARGET).addInputs(statistics.toArray(new String[0]));
        encoder.addTo(graph, AdaINDecoder.addTo(graph, FEATURES, layer, norm, encoder.width()));

        List<String> styleInputs = new ArrayList<>(STYLE_LAYERS);
        styleInputs.addAll(statistics);
        graph.addVertex("content", new ContentLoss(), Vgg19.RELU4_1, TARGET);
        graph.addVertex("style", new StyleLoss(STYLE_LAYERS.size()), styleInputs.toArray(new String[0]));
        return graph.addLayer("content-loss", lossIsTheInput(), "content")
                .addLayer("style-loss", lossIsTheInput(), "style")
                .setOutputs("content-loss", "style-loss")
                .setInputTypes(types.toArray(new InputType[0]))
                .build();
    }

    /** DL4J's name for a loss that is label times input; the labels are the losses' weights. */
    private static LossLayer lossIsTheInput() {
        return new LossLayer.Builder(LossFunction.WASSERSTEIN)
                .activation(Activation.IDENTITY)
                .build();
    }

    /**
     * Continues from a file that {@link #save} has written.
     *
     * @param encoder the one that the training began with
     */
    public static StyleTraining resume(Vgg19 encoder, Path checkpoint) {
        Safetensors file = Safetensors.open(checkpoint);
        file.require(List.of(ADAM));
        AdaINDecoder decoder = AdaINDecoder.load(checkpoint);
        if (!decoder.encoder().equals(encoder.source()) || decoder.width() != encoder.width()) {
            throw new IllegalArgumentException("encoder: " + checkpoint + " takes the one it was trained with, \""
                    + decoder.encoder() + "\", received \"" + encoder.source() + "\"");
        }
        StyleTraining training =
                new StyleTraining(encoder, decoder, number(file, STYLE_WEIGHT_KEY), number(file, LEARNING_RATE_KEY));
        INDArray adam = training.network.getUpdater().getStateViewArray();
        if (file.get(ADAM).length() != adam.length()) {
            throw new IllegalArgumentException(checkpoint + ": " + ADAM + ": takes " + adam.length()
                    + " numbers, received " + file.get(ADAM).length());
        }
        adam.assign(file.get(ADAM).reshape(adam.shape()));
        training.network.getConfiguration().setIterationCount((int) number(file, ITERATION));
        return training;
    }

    private static double number(Safetensors file, String key) {
        String text = file.metadata().get(key);
        try {
            return Double.parseDouble(text == null ? "" : text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    file.path() + ": takes a number as " + key + " in its metadata, received " + text, e);
        }
    }

    /**
     * Writes a checkpoint: everything that {@link #resume} needs to go on as if nothing had happened. It is a decoder's file
     * too, see {@link AdaINDecoder#load}.
     */
    public void save(Path checkpoint) {
        AdaINDecoder decoder = decoder();
        Map<String, INDArray> tensors = new LinkedHashMap<>(decoder.parameters());
        tensors.put(ADAM, network.getUpdater().getStateViewArray());
        Map<String, String> metadata = new LinkedHashMap<>(decoder.metadata());
        metadata.put(ITERATION, Integer.toString(iteration()));
        metadata.put(STYLE_WEIGHT_KEY, Double.toString(styleWeight));
        metadata.put(LEARNING_RATE_KEY, Double.toString(learningRate.value));
        Safetensors.write(checkpoint, tensors, metadata);
    }

    /**
     * One step of Adam.
     *
     * @param content {@code [N, 3, H, W]}, RGB, from 0 to 1, H and W multiples of 8 and at least 16
     * @param style as many images, of any size from 16 by 16
     * @return the losses of these images before the step
     */
    public StyleLosses fit(INDArray content, INDArray style) {
        INDArray[] inputs = inputs(content, style);
        INDArray one = Nd4j.ones(DataType.FLOAT, content.size(0), 1);
        network.fit(new MultiDataSet(inputs, new INDArray[] {one, one.mul(styleWeight)}));
        return new StyleLosses(score(CONTENT_LOSS), score(STYLE_LOSS) / styleWeight);
    }

    private double score(int output) {
        return ((BaseLayer<?>) network.getOutputLayer(output)).score();
    }

    /** The losses of images that are not trained on, with the decoder's norm in evaluation mode. */
    public StyleLosses evaluate(INDArray content, INDArray style) {
        INDArray[] losses = network.output(false, inputs(content, style));
        return new StyleLosses(
                losses[CONTENT_LOSS].meanNumber().doubleValue(),
                losses[STYLE_LOSS].meanNumber().doubleValue());
    }

    private INDArray[] inputs(INDArray content, INDArray style) {
        ImageArrays.check("content", content, StyleTransfer.MIN_SIZE);
        ImageArrays.check("style", style, StyleTransfer.MIN_SIZE);
        if (content.size(2) % AdaINDecoder.STRIDE != 0 || content.size(3) % AdaINDecoder.STRIDE != 0) {
            throw new IllegalArgumentException("content: training takes images whose sides are multiples of "
                    + AdaINDecoder.STRIDE + ", received " + Arrays.toString(content.shape()));
        }
        if (style.size(0) != content.size(0)) {
            throw new IllegalArgumentException("style: takes an image for each of the " + content.size(0)
                    + " of the content, received " + style.size(0));
        }
        Map<String, INDArray> styles = encoder.encode(style, STYLE_LAYERS.toArray(new String[0]));
        INDArray features = encoder.encode(content, Vgg19.RELU4_1).get(Vgg19.RELU4_1);
        INDArray target = Norms.adaIn(features, styles.get(Vgg19.RELU4_1), StyleTransfer.EPSILON);
        List<INDArray> inputs = new ArrayList<>(List.of(target, target));
        styles.values().forEach(layer -> inputs.add(StyleStatistics.of(layer)));
        return inputs.toArray(new INDArray[0]);
    }

    /** Takes another learning rate from the next step on. */
    public void learningRate(double rate) {
        learningRate.value = requirePositive("rate", rate);
    }

    /** Steps done so far. */
    public int iteration() {
        return network.getConfiguration().getIterationCount();
    }

    /** The decoder as it is now, a copy. */
    public AdaINDecoder decoder() {
        AdaINDecoder copy = AdaINDecoder.create(norm, encoder.source(), encoder.width(), 0);
        Map<String, INDArray> trained = AdaINDecoder.parameters(network);
        copy.parameters().forEach((name, parameter) -> parameter.assign(trained.get(name)));
        return copy;
    }
}
