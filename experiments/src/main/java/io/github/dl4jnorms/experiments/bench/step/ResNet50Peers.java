package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.experiments.bench.process.Djl;
import io.github.dl4jnorms.experiments.bench.process.PyTorch;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** ResNet-50 as an image classifier: DL4J zoo's, which all are compared with, ours with two norms, and other frameworks'. */
final class ResNet50Peers {
    /** The name of the peer that the others are compared with. */
    static final String ZOO = "zoo";

    static final String OURS_BN = "ours-bn";
    static final String OURS_GN = "ours-gn";
    static final String TORCH = "torch";
    static final String DJL = "djl";

    /** The zoo's regularization, so that ours has the same work. */
    private static final double L1 = 1e-7;

    private static final double L2 = 5e-5;

    private static final int CHANNELS = 3;

    private final StepSettings settings;
    private final Path logs;

    ResNet50Peers(StepSettings settings, Path logs) {
        this.settings = settings;
        this.logs = logs;
    }

    /** ResNet-50. */
    Model model() {
        return new Model(
                "resnet50_training_step",
                "ResNet-50, a training step",
                "ResNet-50",
                settings.images(),
                "an image classifier, softmax over " + settings.classes() + " classes, Nesterov momentum",
                "The zoo's convolutions have biases.",
                Stream.of(OURS_BN, OURS_GN)
                        .flatMap(ours -> Stream.of(
                                new Limit(ours, ZOO, "DL4J zoo's", 0.33),
                                new Limit(ours, DJL, "DJL's", 0.6),
                                new Limit(ours, TORCH, "PyTorch's", 1.2)))
                        .toList());
    }

    List<Peer> all() {
        DataSet batch = batch();
        MultiDataSet batches = batch.toMultiDataSet();
        return List.of(
                new Peer(
                        ZOO,
                        "Deeplearning4j's model zoo: org.deeplearning4j.zoo.model.ResNet50, built for this input, with"
                                + " DL4J's own convolutions and BatchNormalization",
                        () -> new NetworkTrainee(zoo(), batches)),
                new Peer(
                        OURS_BN,
                        "samediff-layers' ResNet50 with BatchNorm, average pooling and a softmax",
                        () -> new NetworkTrainee(ours("bn"), batches)),
                new Peer(
                        OURS_GN, "the same with GroupNorm of 32 groups", () -> new NetworkTrainee(ours("gn"), batches)),
                new Peer(
                        TORCH,
                        "PyTorch's torchvision.models.resnet50, with BatchNorm, eager, in a process of its own",
                        () -> new ProcessTrainee(
                                PyTorch.start(settings.threads(), logs.resolve("step-torch.log")), question())),
                new Peer(
                        DJL,
                        "DJL's ResNetV1 of 50 layers, with BatchNorm, on libtorch, in a process of its own",
                        () -> new ProcessTrainee(
                                Djl.start(settings.djl(), settings.threads(), logs.resolve("step-djl.log")),
                                question())));
    }

    private String question() {
        return String.format(
                "resnet50;%d;%d;%d;%d",
                settings.imageSize(), settings.batchSize(), settings.classes(), settings.seed());
    }

    private ComputationGraph zoo() {
        return org.deeplearning4j.zoo.model.ResNet50.builder()
                .seed(settings.seed())
                .inputShape(new int[] {CHANNELS, settings.imageSize(), settings.imageSize()})
                .numClasses(settings.classes())
                .updater(updater())
                .build()
                .init();
    }

    private ComputationGraph ours(String norm) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(settings.seed())
                .updater(updater())
                .l1(L1)
                .l2(L2)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(settings.imageSize(), settings.imageSize(), CHANNELS));
        ResNet50.Stages stages = ResNet50.builder()
                .norm(NormSpec.parse(norm))
                .inputGradient(false)
                .build()
                .addTo(graph, "image");
        ComputationGraph network = new ComputationGraph(
                graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), stages.c5())
                        .addLayer(
                                "class",
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(settings.classes())
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "pool")
                        .setOutputs("class")
                        .build());
        network.init();
        return network;
    }

    private static IUpdater updater() {
        return new Nesterovs(0.01, 0.9);
    }

    /** One batch of noise, with random classes: what is in the images makes no difference to the time. */
    DataSet batch() {
        Random random = new Random(settings.seed());
        int size = settings.imageSize();
        float[] pixels = new float[settings.batchSize() * CHANNELS * size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        INDArray labels = Nd4j.zeros(DataType.FLOAT, settings.batchSize(), settings.classes());
        for (int i = 0; i < settings.batchSize(); i++) {
            labels.putScalar(i, random.nextInt(settings.classes()), 1);
        }
        return new DataSet(Nd4j.create(pixels, settings.batchSize(), CHANNELS, size, size), labels);
    }
}
