package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.samediff.weights.Safetensors;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Against torchvision's, by {@code src/test/python/vgg19.py}. */
class Vgg19Test {

    private static final String[] LAYERS = {"relu1_1", "relu2_1", "relu3_1", "relu4_1"};
    private static final double TOLERANCE = 1e-4;

    @TempDir
    static Path folder;

    private static Path torch() {
        Path file = folder.resolve("vgg19.safetensors");
        Safetensors.write(file, VggFormula.weights());
        return file;
    }

    private static Path keras() {
        Path file = folder.resolve("vgg19.h5");
        Map<String, INDArray> weights = VggFormula.weights();
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            for (VggLayer layer : VggLayer.upTo(Vgg19.RELU4_1)) {
                String name = "block" + layer.block() + "_conv" + layer.number();
                WritableGroup group = hdf.putGroup(name);
                INDArray weight = weights.get("features." + layer.index() + ".weight");
                group.putDataset(name + "_W_1:0", nested(weight.permute(2, 3, 1, 0)));
                group.putDataset(
                        name + "_b_1:0",
                        weights.get("features." + layer.index() + ".bias").toFloatVector());
            }
        }
        return file;
    }

    private static float[][][][] nested(INDArray x) {
        float[] flat = x.dup('c').data().asFloat();
        float[][][][] nested = new float[(int) x.size(0)][(int) x.size(1)][(int) x.size(2)][(int) x.size(3)];
        int at = 0;
        for (float[][][] a : nested) {
            for (float[][] b : a) {
                for (float[] c : b) {
                    System.arraycopy(flat, at, c, 0, c.length);
                    at += c.length;
                }
            }
        }
        return nested;
    }

    @Test
    void torchvisionsActivations() {
        Vgg19 encoder = Vgg19.load(torch());
        assertThat(encoder.source()).isEqualTo("vgg19.safetensors, torchvision's layout");
        checkFixture(encoder, "torch");
    }

    @Test
    void kerasActivations() {
        Vgg19 encoder = Vgg19.load(keras());
        assertThat(encoder.source()).isEqualTo("vgg19.h5, Keras' layout");
        checkFixture(encoder, "keras");
    }

    private static void checkFixture(Vgg19 encoder, String prefix) {
        Map<String, INDArray> fixture = Compare.npz("/style/vgg19.npz");
        int[][] steps = {{8, 4, 4}, {8, 2, 2}, {4, 1, 1}, {1, 1, 1}};
        Map<String, INDArray> activations = encoder.encode(VggFormula.image(), LAYERS);
        for (int i = 0; i < LAYERS.length; i++) {
            INDArray y = activations.get(LAYERS[i]);
            INDArrayIndex[] every = new INDArrayIndex[4];
            every[0] = NDArrayIndex.all();
            for (int d = 1; d < 4; d++) {
                every[d] = NDArrayIndex.interval(0, steps[i][d - 1], y.size(d));
            }
            INDArray part = y.get(every);
            assertRelative(prefix + " " + LAYERS[i], part, fixture.get(prefix + "." + LAYERS[i]));
        }
    }

    /** Relative to the largest activation. */
    private static void assertRelative(String what, INDArray actual, INDArray expected) {
        double largest = expected.amaxNumber().doubleValue();
        assertThat(largest).isPositive();
        Compare.assertClose(what, actual.div(largest), expected.div(largest), TOLERANCE);
    }

    /** With the folder that {@code vgg19.py FOLDER} has filled from a random torchvision model. */
    @ParameterizedTest
    @CsvSource({"torch.safetensors, torch", "keras_old.h5, keras", "keras_new.h5, keras"})
    @EnabledIfSystemProperty(named = "vgg19.files", matches = ".+")
    void wholeFiles(String name, String prefix) throws Exception {
        Path files = Path.of(System.getProperty("vgg19.files"));
        Map<String, INDArray> expected =
                Nd4j.createFromNpzFile(files.resolve("activations.npz").toFile());
        Vgg19 encoder = Vgg19.load(files.resolve(name), "relu5_4");
        Map<String, INDArray> activations = encoder.encode(expected.get("x"), LAYERS);
        activations.forEach((layer, y) -> assertRelative(name + " " + layer, y, expected.get(prefix + "." + layer)));
    }

    @Test
    void layersAreNamedByBlock() {
        assertThat(Vgg19.layers())
                .hasSize(16)
                .startsWith("relu1_1", "relu1_2", "relu2_1")
                .endsWith("relu5_4");
    }

    /** Before ReLU a channel has mean 1 and variance 1: after it some of it is 0, most positive, and its mean square below 2. */
    @Test
    void randomWeightsAreNormalized() {
        Map<String, INDArray> activations =
                Vgg19.random(5, "relu5_1", 8).encode(new RandomVgg(5, 8).images(), "relu1_1", "relu4_1", "relu5_1");
        assertThat(activations.get("relu1_1").shape()).containsExactly(8, 8, 64, 64);
        assertThat(activations.get("relu4_1").shape()).containsExactly(8, 64, 8, 8);
        assertThat(activations.get("relu5_1").shape()).containsExactly(8, 64, 4, 4);
        activations.values().forEach(y -> {
            assertThat(y.mul(y).mean(0, 2, 3).maxNumber().doubleValue()).isLessThan(2.001);
            assertThat(y.mul(y).meanNumber().doubleValue()).isBetween(1.8, 2.0);
            assertThat(y.max(0, 2, 3).minNumber().doubleValue()).isPositive();
            assertThat(y.min(0, 2, 3).maxNumber().doubleValue()).isZero();
        });
    }

    @Test
    void theSeedDecides() {
        INDArray image = VggFormula.image();
        assertThat(Vgg19.random(5, "relu2_1", 4).encode(image))
                .isEqualTo(Vgg19.random(5, "relu2_1", 4).encode(image))
                .isNotEqualTo(Vgg19.random(6, "relu2_1", 4).encode(image));
    }

    @Test
    void filesWithoutTheWeightsAreRefused() throws IOException {
        Map<String, INDArray> weights = new LinkedHashMap<>(VggFormula.weights());
        weights.remove("features.5.bias");
        weights.remove("features.19.weight");
        Path file = folder.resolve("incomplete.safetensors");
        Safetensors.write(file, weights);
        assertThatThrownBy(() -> Vgg19.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        file + ": has no features.5.bias, features.19.weight; it has features.0.weight");
        assertThatThrownBy(() -> Vgg19.load(torch(), "relu4_2"))
                .hasMessageContaining("has no features.21.weight, features.21.bias;");

        Path other = folder.resolve("other.safetensors");
        Safetensors.write(other, Map.of("conv1.weight", Nd4j.ones(1)));
        assertThatThrownBy(() -> Vgg19.load(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(other + ": has no features.0.weight (torchvision, timm) or block1_conv1 (Keras);"
                        + " it has conv1.weight");

        Path wrong = folder.resolve("wrong.safetensors");
        weights.putAll(VggFormula.weights());
        weights.put("features.2.weight", Nd4j.ones(DataType.FLOAT, 64, 64, 1, 1));
        Safetensors.write(wrong, weights);
        assertThatThrownBy(() -> Vgg19.load(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(wrong + ": features.2.weight: takes shape [64, 64, 3, 3], received [64, 64, 1, 1]");

        Path keras = folder.resolve("incomplete.h5");
        try (WritableHdfFile hdf = HdfFile.write(keras)) {
            WritableGroup group = hdf.putGroup("block1_conv1");
            group.putDataset("block1_conv1_W_1:0", new float[3][3][3][64]);
            group.putDataset("block1_conv1_b_1:0", new float[64]);
        }
        assertThatThrownBy(() -> Vgg19.load(keras, "relu2_1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(keras + ": has no block1_conv2/kernel:0, block2_conv1/kernel:0; it has ");
        Files.delete(keras);
    }

    @Test
    void wrongArgumentsAreRefused() {
        Vgg19 encoder = Vgg19.random(1, "relu2_1", 4);
        INDArray image = VggFormula.image();
        for (String layer : List.of("relu2_2", "preprocess", "conv")) {
            assertThatThrownBy(() -> encoder.encode(image, "relu1_1", layer))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("layers: takes relu1_1 to relu2_1, received " + layer);
        }
        assertThatThrownBy(() -> Vgg19.random(1, "relu6_1"))
                .hasMessage("layer: takes relu1_1 to relu5_4, received relu6_1");
        assertThatThrownBy(() -> encoder.encode(Nd4j.ones(1, 3, 1, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("images: takes images [N, 3, H, W] of at least 2 by 2 pixels, received [1, 3, 1, 5]");
        assertThatThrownBy(() -> encoder.encode(Nd4j.ones(1, 1, 8, 8))).isInstanceOf(IllegalArgumentException.class);
    }
}
