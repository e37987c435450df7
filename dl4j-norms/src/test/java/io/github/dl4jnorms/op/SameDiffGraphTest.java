package io.github.dl4jnorms.op;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.ByHand;
import io.github.dl4jnorms.SDNorms;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The norms in plain SameDiff graphs, without DL4J: output, gradients, training, saving. */
class SameDiffGraphTest {

    private final INDArray x = random(1, DataType.DOUBLE, 3, 4, 5);
    private final INDArray labels = random(2, DataType.DOUBLE, 3, 4, 5);

    /** GroupNorm, then BatchNorm, then the mean square of the difference to the labels. */
    private static SameDiff graph() {
        SameDiff sd = SameDiff.create();
        SDVariable input = sd.placeHolder("x", DataType.DOUBLE, -1, 4, -1);
        SDVariable label = sd.placeHolder("label", DataType.DOUBLE, -1, 4, -1);
        SDVariable gamma = sd.var("gamma", random(3, DataType.DOUBLE, 4));
        SDVariable beta = sd.var("beta", random(4, DataType.DOUBLE, 4));
        SDVariable shift = sd.var("shift", random(5, DataType.DOUBLE, 4));
        SDVariable grouped = SDNorms.groupNorm(sd, input, 2, gamma, beta, 1e-5).rename("grouped");
        SDVariable y = SDNorms.batchNormTraining(
                        sd,
                        grouped.add(0.3),
                        null,
                        shift,
                        ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, false, null, shift, 1e-5, 1))
                .output()
                .rename("y");
        sd.math.square(y.sub(label)).mean().rename("loss").markAsLoss();
        return sd;
    }

    @Test
    void output() {
        SameDiff sd = graph();
        INDArray grouped = sd.output(Map.of("x", x, "label", labels), "grouped").get("grouped");
        assertClose(
                "grouped",
                grouped,
                ByHand.groupNorm(
                        x,
                        2,
                        sd.getVariable("gamma").getArr(),
                        sd.getVariable("beta").getArr(),
                        1e-5));
    }

    @Test
    void gradients() {
        SameDiff sd = graph();
        Map<String, INDArray> arrays = Map.of("x", x, "label", labels);
        Map<String, INDArray> gradients = sd.calculateGradients(arrays, "gamma", "beta", "shift");
        gradients.forEach((name, gradient) -> {
            INDArray variable = sd.getVariable(name).getArr();
            for (int i = 0; i < variable.length(); i++) {
                double value = variable.getDouble(i);
                variable.putScalar(i, value + 1e-6);
                double above = loss(sd, arrays);
                variable.putScalar(i, value - 1e-6);
                double below = loss(sd, arrays);
                variable.putScalar(i, value);
                assertThat(gradient.getDouble(i))
                        .isCloseTo((above - below) / 2e-6, org.assertj.core.api.Assertions.within(1e-8));
            }
        });
    }

    @Test
    void fitLowersTheLoss() {
        SameDiff sd = graph();
        sd.setTrainingConfig(TrainingConfig.builder()
                .updater(new Sgd(0.1))
                .dataSetFeatureMapping("x")
                .dataSetLabelMapping("label")
                .build());
        double before = loss(sd, Map.of("x", x, "label", labels));
        Map<String, INDArray> gradients = sd.calculateGradients(Map.of("x", x, "label", labels), "shift");
        INDArray expected =
                sd.getVariable("shift").getArr().sub(gradients.get("shift").mul(0.1));
        sd.fit(new DataSet(x, labels));
        assertClose("one step of gradient descent", sd.getVariable("shift").getArr(), expected);
        for (int i = 0; i < 20; i++) {
            sd.fit(new DataSet(x, labels));
        }
        assertThat(loss(sd, Map.of("x", x, "label", labels))).isLessThan(0.9 * before);
    }

    @Test
    void saveAndLoad(@TempDir Path folder) throws IOException {
        SameDiff sd = graph();
        Map<String, INDArray> arrays = Map.of("x", x, "label", labels);
        Map<String, INDArray> gradients = sd.calculateGradients(arrays, "gamma", "shift");
        File flat = folder.resolve("flat.fb").toFile();
        File saved = folder.resolve("saved.fb").toFile();
        sd.asFlatFile(flat);
        sd.save(saved, true);
        for (SameDiff loaded : new SameDiff[] {SameDiff.fromFlatFile(flat), SameDiff.load(saved, true), sd.dup()}) {
            assertThat(loaded.output(arrays, "y")).isEqualTo(sd.output(arrays, "y"));
            assertThat(loaded.calculateGradients(arrays, "gamma", "shift")).isEqualTo(gradients);
        }
    }

    @Test
    void theSizesMayChangeFromCallToCall() {
        SameDiff sd = graph();
        for (long[] shape : new long[][] {{3, 4, 5}, {1, 4, 9}, {6, 4, 2}}) {
            INDArray in = random(6, DataType.DOUBLE, shape);
            assertClose(
                    "grouped",
                    sd.output(Map.of("x", in, "label", in), "grouped").get("grouped"),
                    ByHand.groupNorm(
                            in,
                            2,
                            sd.getVariable("gamma").getArr(),
                            sd.getVariable("beta").getArr(),
                            1e-5));
        }
    }

    @Test
    void wrongArgumentsAreNamedWhenTheGraphRuns() {
        SameDiff sd = SameDiff.create();
        SDVariable input = sd.placeHolder("x", DataType.FLOAT, -1, -1, -1);
        SDVariable gamma = sd.constant("gamma", Nd4j.ones(DataType.FLOAT, 5));
        SDNorms.groupNorm(sd, input, 2, gamma, null, 1e-5).rename("y");
        assertThatThrownBy(() -> sd.output(Map.of("x", Nd4j.ones(DataType.FLOAT, 2, 6, 3)), "y"))
                .hasStackTraceContaining(
                        "gamma: takes one number per channel, shape [6] for x of shape [2, 6, 3], received shape [5]");
        assertThatThrownBy(() -> sd.output(Map.of("x", Nd4j.ones(DataType.FLOAT, 2, 5, 3)), "y"))
                .hasStackTraceContaining("groups: takes a divisor of the 5 channels, received 2");
    }

    private static double loss(SameDiff sd, Map<String, INDArray> arrays) {
        return sd.output(arrays, "loss").get("loss").getDouble(0);
    }
}
