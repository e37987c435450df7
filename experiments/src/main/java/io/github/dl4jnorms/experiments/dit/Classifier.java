package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.experiments.schedule.CosineDecay;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.util.FeatureUtil;

/**
 * Says of what class an image is: three convolutions with GroupNorm, the mean over the image, softmax. It learns from the same
 * images as the transformer, a little noised, so that it looks at the shape.
 */
final class Classifier {
    private static final double LEARNING_RATE = 3e-3;
    private static final double NOISE = 0.1;
    private static final int BATCH = 64;
    private static final int GROUPS = 4;
    private static final int[] WIDTHS = {24, 48, 64};
    private static final int POOLING = 2 * WIDTHS.length;
    private static final int CHUNK = 256;

    private final MultiLayerNetwork network;

    private Classifier(MultiLayerNetwork network) {
        this.network = network;
    }

    static Classifier train(ImageSet images, int steps, long seed, Runnable step) {
        MultiLayerNetwork network = network(images, steps, seed);
        for (int i = 0; i < steps; i++) {
            SplittableRandom random = Streams.of(seed, i);
            int[] indices = random.ints(BATCH, 0, images.train().count()).toArray();
            INDArray x = images.train().array(indices);
            x.addi(Nd4j.create(Streams.gaussian(random, (int) x.length()), x.shape(), 'c')
                    .muli(NOISE));
            int[] labels = IntStream.of(indices)
                    .map(index -> images.train().labels().get(index))
                    .toArray();
            network.fit(new DataSet(x, FeatureUtil.toOutcomeMatrix(labels, images.classes())));
            step.run();
        }
        return new Classifier(network);
    }

    private static MultiLayerNetwork network(ImageSet images, int steps, long seed) {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(new CosineDecay(LEARNING_RATE, steps)))
                .list();
        for (int i = 0; i < WIDTHS.length; i++) {
            layers.layer(new Conv2D.Builder()
                            .nOut(WIDTHS[i])
                            .kernel(3)
                            .padding(1)
                            .stride(i == 0 ? 1 : 2)
                            .build())
                    .layer(new GroupNorm.Builder()
                            .groups(GROUPS)
                            .activation(Activation.RELU)
                            .build());
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(layers.layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                        .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(images.classes())
                                .activation(Activation.SOFTMAX)
                                .build())
                        .setInputType(InputType.convolutional(images.size(), images.size(), ImageSet.CHANNELS))
                        .build());
        network.init();
        return network;
    }

    /** The classes of images {@code [N, C, H, W]}. */
    int[] classify(INDArray images) {
        return IntStream.range(0, (int) ((images.size(0) + CHUNK - 1) / CHUNK))
                .flatMap(i ->
                        IntStream.of(network.output(chunk(images, i)).argMax(1).toIntVector()))
                .toArray();
    }

    /** What the last layer sees of the images: {@code [N, features]}. */
    double[][] features(INDArray images) {
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; (long) i * CHUNK < images.size(0); i++) {
            INDArray pooled =
                    network.feedForwardToLayer(POOLING, chunk(images, i), false).get(POOLING + 1);
            rows.addAll(List.of(pooled.toDoubleMatrix()));
        }
        return rows.toArray(double[][]::new);
    }

    private static INDArray chunk(INDArray images, int i) {
        long from = (long) i * CHUNK;
        return images.get(NDArrayIndex.interval(from, Math.min(images.size(0), from + CHUNK)))
                .dup('c');
    }
}
