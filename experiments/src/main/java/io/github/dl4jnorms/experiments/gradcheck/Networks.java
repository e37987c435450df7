package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.samediff.detection.FcosChannels;
import io.github.dl4jnorms.samediff.detection.FcosDetector;
import io.github.dl4jnorms.samediff.detection.FcosLoss;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import io.github.dl4jnorms.samediff.style.StyleLoss;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whole networks made tiny, a few entries of each of their many arrays, and the detector's loss. */
final class Networks {

    private static final int ENTRIES = 3;
    private static final int BATCH_SIZE = 2;
    private static final int CLASSES = 2;
    private static final int[] BLOCKS = {1, 1, 1, 1};

    private Networks() {}

    static GradientCheck resNet50(NormSpec norm) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("image");
        InputType image = InputType.convolutional(64, 64, 3);
        ResNet50.Stages stages =
                ResNet50.builder().norm(norm).width(2).blocks(BLOCKS).build().addTo(graph, "image");
        return GradientCheck.of(
                        graph.setInputTypes(image).setOutputs(stages.c5()).build())
                .input(image)
                .batchSize(BATCH_SIZE)
                .entriesPerArray(ENTRIES);
    }

    static GradientCheck detector(NormSpec norm) {
        int size = 64;
        int locations = 0;
        for (int stride : FcosDetector.strides()) {
            int side = (size + stride - 1) / stride;
            locations += side * side;
        }
        return GradientCheck.of(FcosDetector.builder()
                        .classes(CLASSES)
                        .norm(norm)
                        .channels(2)
                        .headConvolutions(1)
                        .imageSize(size)
                        .width(2)
                        .blocks(BLOCKS)
                        .build()
                        .configuration())
                .input(InputType.convolutional(size, size, 3))
                .inputGradients(false) // which a detector in training has no use for, and does not compute
                .labels(labels(1, locations))
                .epsilon(1e-5) // the loss of hundreds of locations has a large rounding error
                .batchSize(BATCH_SIZE)
                .entriesPerArray(ENTRIES);
    }

    static GradientCheck fcosLoss() {
        int height = 3;
        int width = 4;
        INDArray predictions = labels(height, width).addi(0.3); // boxes the right way round, none of them right
        return GradientCheck.of(new CnnLossLayer.Builder(new FcosLoss(0.25, 2, 1.5))
                        .activation(Activation.IDENTITY)
                        .build())
                .input(InputType.convolutional(height, width, FcosChannels.count(CLASSES)))
                .inputArrays(predictions)
                .labels(labels(height, width));
    }

    /** Two layers, the second of twice the channels. */
    static GradientCheck styleLoss(int channels) {
        return GradientCheck.of(new StyleLoss(2))
                .input(
                        InputType.convolutional(3, 4, channels),
                        InputType.convolutional(2, 3, 2L * channels),
                        InputType.feedForward(2L * channels),
                        InputType.feedForward(4L * channels));
    }

    /** Boxes for about half of the locations; the same each time. */
    private static INDArray labels(int height, int width) {
        Random random = new Random(5);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, BATCH_SIZE, FcosChannels.count(CLASSES), height, width);
        for (int n = 0; n < BATCH_SIZE; n++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int kind = random.nextInt(2 * CLASSES);
                    if (kind < CLASSES) {
                        for (int c = 0; c < FcosChannels.CENTERNESS; c++) {
                            labels.putScalar(n, c, y, x, 0.5 + 2 * random.nextDouble());
                        }
                        labels.putScalar(n, FcosChannels.CENTERNESS, y, x, random.nextDouble());
                        labels.putScalar(n, FcosChannels.FIRST_CLASS + kind, y, x, 1);
                    }
                }
            }
        }
        return labels;
    }
}
