package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.layer.BatchNorm;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;

class FcosDetectorTest {

    private static final int SIZE = 64;
    private static final int CLASSES = 2;
    private static final int IMAGES = 2;
    private static final int[] SIZES = {8, 4, 2, 1, 1};

    /** Every name that there is, with two groups instead of 32. */
    static Stream<String> everyNorm() {
        return Stream.of(NormSpec.forms().split(", "))
                .map(form -> form.replace("[GROUPS]", "2").replaceAll("\\[.*]", ""));
    }

    @BeforeAll
    static void doublePrecision() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void singlePrecision() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "gn2"})
    void wholeDetectorsGradientIsRight(String norm) {
        ComputationGraph network = network(tiny(norm).updater(new NoOp()));
        perturb(network);
        MultiDataSet data = data(IMAGES);
        network.setInputs(data.getFeatures());
        network.setLabels(data.getLabels());
        network.setLayerMaskArrays(null, data.getLabelsMaskArrays());
        network.computeGradientAndScore();
        // a copy: the score's forward passes leave the gradient alone, but who would rely on that
        Map<String, INDArray> gradients = new HashMap<>();
        network.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
        assertThat(gradients).containsOnlyKeys(network.paramTable().keySet());
        for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
            INDArray gradient = gradients.get(parameter.getKey());
            if (parameter.getKey().endsWith(BatchNorm.MEAN)
                    || parameter.getKey().endsWith(BatchNorm.VARIANCE)) {
                assertThat(gradient.amaxNumber().doubleValue()).isZero(); // a buffer, which training does not read
                continue;
            }
            INDArray values = parameter.getValue();
            INDArray direction = Nd4j.randn(DataType.DOUBLE, values.shape());
            double step = 1e-7; // small, to stay on one side of every kink of ReLU and max pooling
            values.addi(direction.mul(step));
            double above = network.score(data, true);
            values.subi(direction.mul(2 * step));
            double below = network.score(data, true);
            values.addi(direction.mul(step));
            double numeric = (above - below) / (2 * step);
            // DL4J divides the gradient by the batch size only afterwards, in its updater
            double analytic = gradient.mul(direction).sumNumber().doubleValue() / IMAGES;
            assertThat(analytic)
                    .as("derivative along a random direction of " + parameter.getKey())
                    .isCloseTo(numeric, within(1e-6 + 1e-4 * Math.abs(numeric)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bn", "gn2"})
    void learnsOneBatchEvenOfOneImage(String norm) {
        ComputationGraph network = network(tiny(norm).updater(new Adam(0.01)));
        MultiDataSet data = data(1);
        network.fit(data);
        double before = network.score();
        for (int i = 0; i < 30; i++) {
            network.fit(data);
        }
        assertThat(network.score()).isLessThan(before / 2);
    }

    @ParameterizedTest
    @MethodSource("everyNorm")
    void trainsWithEveryNorm(String norm) {
        ComputationGraph network = network(tiny(norm).updater(new Adam(0.001)));
        MultiDataSet data = data(1);
        network.fit(data);
        double before = network.score();
        for (int i = 0; i < 5; i++) {
            network.fit(data);
        }
        assertThat(network.score()).isLessThan(before);
    }

    @Test
    void levelsOfTheOutputAreThoseOfThePyramid() {
        ComputationGraph network = network(tiny("gn2").updater(new NoOp()));
        INDArray[] levels = FcosDetector.levels(network.outputSingle(Nd4j.rand(2, 3, SIZE, SIZE)), SIZE);
        assertThat(levels).hasSize(5);
        for (int l = 0; l < levels.length; l++) {
            assertThat(levels[l].shape()).containsExactly(2, 5 + CLASSES, SIZES[l], SIZES[l]);
        }
        assertThat(PyramidPacking.unpack(PyramidPacking.pack(levels), SIZES)).isEqualTo(levels);
    }

    @Test
    void anotherImageSizeAfterTheFirst() {
        ComputationGraph network = network(tiny("bn").updater(new NoOp()));
        network.outputSingle(Nd4j.rand(2, 3, SIZE, SIZE));
        INDArray larger = network.outputSingle(Nd4j.rand(1, 3, 96, 96));
        assertThat(FcosDetector.levels(larger, 96)[0].shape()).containsExactly(1, 5 + CLASSES, 12, 12);
    }

    @ParameterizedTest
    @MethodSource("everyNorm")
    void survivesJson(String norm) {
        ComputationGraphConfiguration configuration = tiny(norm).build().configuration();
        ComputationGraphConfiguration back = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(back).isEqualTo(configuration);
        assertThat(back.clone()).isEqualTo(configuration);
    }

    @Test
    void refusesAnImageSizeThatTheLevelsDoNotHalve() {
        assertThatThrownBy(() -> FcosDetector.builder().imageSize(100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imageSize: takes a multiple of 32, received 100");
    }

    private static FcosDetector.Builder tiny(String norm) {
        return FcosDetector.builder()
                .classes(CLASSES)
                .norm(NormSpec.parse(norm))
                .width(2)
                .blocks(1, 1, 1, 1)
                .channels(4)
                .headConvolutions(1)
                .imageSize(SIZE)
                .l2(0)
                .dataType(DataType.DOUBLE);
    }

    private static ComputationGraph network(FcosDetector.Builder settings) {
        ComputationGraph network = new ComputationGraph(settings.build().configuration());
        network.init();
        return network;
    }

    /** The head starts near zero, where gradients are too small to compare. */
    private static void perturb(ComputationGraph network) {
        Nd4j.getRandom().setSeed(3);
        network.getVertex("head").paramTable(false).forEach((name, array) -> {
            if (name.endsWith("W")) {
                array.addi(Nd4j.randn(DataType.DOUBLE, array.shape()).muli(0.3));
            }
        });
    }

    private static MultiDataSet data(int images) {
        Nd4j.getRandom().setSeed(5);
        INDArray[] labels = new INDArray[SIZES.length];
        INDArray[] masks = new INDArray[SIZES.length];
        for (int l = 0; l < SIZES.length; l++) {
            labels[l] = Nd4j.zeros(DataType.DOUBLE, images, 5 + CLASSES, SIZES[l], SIZES[l]);
            masks[l] = Nd4j.valueArrayOf(new long[] {images, 1, SIZES[l], SIZES[l]}, 0.5);
        }
        for (int i = 0; i < images; i++) {
            positive(labels[0], i, 3, 2 + i, 0);
            positive(labels[1], i, 1, 2, 1);
        }
        MultiDataSet perLevel = new MultiDataSet(
                new INDArray[] {Nd4j.randn(DataType.DOUBLE, images, 3, SIZE, SIZE)}, labels, null, masks);
        return (MultiDataSet) FcosDetector.pack(perLevel);
    }

    private static void positive(INDArray labels, int image, int y, int x, int classIndex) {
        double[] box = {0.7, 1.1, 1.4, 0.9};
        for (int c = 0; c < box.length; c++) {
            labels.putScalar(image, c, y, x, box[c]);
        }
        labels.putScalar(image, FcosChannels.CENTERNESS, y, x, 0.64);
        labels.putScalar(image, FcosChannels.FIRST_CLASS + classIndex, y, x, 1);
    }
}
