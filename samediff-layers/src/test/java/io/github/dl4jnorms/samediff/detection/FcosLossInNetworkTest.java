package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** The loss where it is used: at the end of a ComputationGraph, with a weight per location. */
class FcosLossInNetworkTest {

    private static final int IMAGES = 3;
    private static final int HEIGHT = 4;
    private static final int WIDTH = 3;
    private static final int CLASSES = 2;

    private final Random random = new Random(5);

    /** GradientCheckUtil insists on it. */
    @BeforeAll
    static void doubleByDefault() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void floatByDefault() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static ComputationGraphConfiguration configuration(FcosLoss loss, IUpdater updater, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(6)
                .updater(updater)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, 2))
                .addLayer(
                        "head",
                        new ConvolutionLayer.Builder(1, 1)
                                .nOut(FcosChannels.count(CLASSES))
                                .activation(Activation.IDENTITY)
                                .biasInit(1.5) // boxes the right way round
                                .build(),
                        "image")
                .addLayer(
                        "loss",
                        new CnnLossLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "head")
                .setOutputs("loss")
                .build();
    }

    private INDArray images() {
        Nd4j.getRandom().setSeed(7);
        return Nd4j.randn(DataType.DOUBLE, IMAGES, 2, HEIGHT, WIDTH).muli(0.5);
    }

    /** About half of the locations positive. */
    private INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, IMAGES, FcosChannels.count(CLASSES), HEIGHT, WIDTH);
        for (int n = 0; n < IMAGES; n++) {
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    int classIndex = random.nextInt(2 * CLASSES);
                    if (classIndex >= CLASSES) {
                        continue;
                    }
                    for (int c = 0; c < FcosChannels.CENTERNESS; c++) {
                        labels.putScalar(n, c, y, x, 0.5 + 2 * random.nextDouble());
                    }
                    labels.putScalar(n, FcosChannels.CENTERNESS, y, x, random.nextDouble());
                    labels.putScalar(n, FcosChannels.FIRST_CLASS + classIndex, y, x, 1);
                }
            }
        }
        return labels;
    }

    /** Another weight for each image; every fifth location ignored. */
    private INDArray mask() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, IMAGES, 1, HEIGHT, WIDTH);
        for (int i = 0; i < mask.length(); i++) {
            mask.putScalar(i, i % 5 == 0 ? 0 : 1.0 / (1 + i / (HEIGHT * WIDTH)));
        }
        return mask;
    }

    @Test
    void gradientCheck() {
        ComputationGraph network =
                new ComputationGraph(configuration(new FcosLoss(0.25, 2, 1.5), new NoOp(), DataType.DOUBLE));
        network.init();
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                        .net(network)
                        .inputs(new INDArray[] {images()})
                        .labels(new INDArray[] {labels()})
                        .labelMask(new INDArray[] {mask()})
                        .epsilon(1e-6)
                        .maxRelError(1e-5)
                        .minAbsoluteError(1e-9)))
                .isTrue();
    }

    @Test
    void theScoreIsTheMeanOverImages() {
        FcosLoss loss = new FcosLoss();
        ComputationGraph network = new ComputationGraph(configuration(loss, new NoOp(), DataType.DOUBLE));
        network.init();
        INDArray images = images();
        INDArray labels = labels();
        INDArray mask = mask();
        double score = network.score(new DataSet(images, labels, null, mask));
        INDArray output = network.outputSingle(images);
        double sum = loss.computeScore(
                perLocation(labels), perLocation(output), new ActivationIdentity(), perLocation(mask), false);
        assertThat(score).isEqualTo(sum / IMAGES, within(1e-12));
        INDArray perImage = network.scoreExamples(new DataSet(images, labels, null, mask), false);
        assertThat(perImage.shape()).containsExactly(IMAGES, 1);
        assertThat(perImage.meanNumber().doubleValue()).isEqualTo(score, within(1e-12));
    }

    @Test
    void trainingLowersIt() {
        ComputationGraph network = new ComputationGraph(configuration(new FcosLoss(), new Adam(0.05), DataType.FLOAT));
        network.init();
        DataSet data = new DataSet(images(), labels(), null, mask());
        double before = network.score(data);
        for (int i = 0; i < 50; i++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isLessThan(0.8 * before);
    }

    private static INDArray perLocation(INDArray nchw) {
        return nchw.permute(0, 2, 3, 1).dup('c').reshape(-1, nchw.size(1));
    }

    @Test
    void jsonAndYaml() {
        FcosLoss loss = new FcosLoss(0.3, 1.5, 2.5);
        ComputationGraphConfiguration configuration = configuration(loss, new NoOp(), DataType.DOUBLE);
        for (ComputationGraphConfiguration read : new ComputationGraphConfiguration[] {
            ComputationGraphConfiguration.fromJson(configuration.toJson()),
            ComputationGraphConfiguration.fromYaml(configuration.toYaml()),
            configuration.clone()
        }) {
            assertThat(read).isEqualTo(configuration);
            LayerVertex vertex = (LayerVertex) read.getVertices().get("loss");
            assertThat(((CnnLossLayer) vertex.getLayerConf().getLayer()).getLossFn())
                    .isEqualTo(loss)
                    .hasSameHashCodeAs(loss)
                    .isNotEqualTo(new FcosLoss());
        }
    }
}
