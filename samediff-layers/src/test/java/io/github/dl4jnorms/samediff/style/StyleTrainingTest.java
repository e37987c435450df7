package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.samediff.weights.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.FixedSchedule;

class StyleTrainingTest {

    private static final int WIDTH = 2;

    @TempDir
    Path folder;

    private final Vgg19 encoder = Vgg19.random(2, Vgg19.RELU4_1, WIDTH);
    private final INDArray content = Nd4j.rand(DataType.FLOAT, 2, 3, 24, 16);
    private final INDArray style = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32).muli(0.4);

    private StyleTraining training(String norm) {
        return new StyleTraining(encoder, NormSpec.parse(norm), 10, 1e-3, 3);
    }

    /** Of the decoder's parameters, through the encoder. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bn", "gn2", "in"})
    void gradientsAreRight(String norm) {
        ComputationGraphConfiguration graph =
                StyleTraining.configuration(encoder, NormSpec.parse(norm), new FixedSchedule(1), DataType.DOUBLE);
        INDArray one = Nd4j.ones(DataType.DOUBLE, 2, 1);
        GradientCheck.of(graph)
                .input(
                        InputType.convolutional(2, 3, 8L * WIDTH),
                        InputType.convolutional(2, 3, 8L * WIDTH),
                        InputType.feedForward(2L * WIDTH),
                        InputType.feedForward(4L * WIDTH),
                        InputType.feedForward(8L * WIDTH),
                        InputType.feedForward(16L * WIDTH))
                .inputGradients(false)
                .labels(one, one.mul(10))
                .batchSize(2)
                .entriesPerArray(2)
                .assertPasses();
    }

    /** The losses by their formulas, of the images that the decoder makes. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "in"})
    void lossesAreThePapers(String norm) {
        StyleTraining training = training(norm);
        INDArray t = Norms.adaIn(encoder.encode(content), encoder.encode(style), 1e-5);
        INDArray image = training.decoder().decode(t);
        INDArray difference = encoder.encode(image).sub(t);
        double contentLoss = difference.mul(difference).meanNumber().doubleValue();
        double styleLoss = 0;
        for (String layer : List.of("relu1_1", "relu2_1", "relu3_1", "relu4_1")) {
            INDArray made = encoder.encode(image, layer).get(layer);
            INDArray wanted = encoder.encode(style, layer).get(layer);
            for (boolean deviation : new boolean[] {false, true}) {
                INDArray d = moment(made, deviation).sub(moment(wanted, deviation));
                styleLoss += d.mul(d).meanNumber().doubleValue();
            }
        }
        StyleLosses evaluated = training.evaluate(content, style);
        assertThat(evaluated.content()).isCloseTo(contentLoss, within(1e-4 * contentLoss));
        assertThat(evaluated.style()).isCloseTo(styleLoss, within(1e-4 * styleLoss));
        StyleLosses trained = training.fit(content, style);
        assertThat(trained.content()).isCloseTo(contentLoss, within(1e-4 * contentLoss));
        assertThat(trained.style()).isCloseTo(styleLoss, within(1e-4 * styleLoss));
        assertThat(trained.total(10)).isEqualTo(trained.content() + 10 * trained.style());
    }

    private static INDArray moment(INDArray x, boolean deviation) {
        return deviation ? Transforms.sqrt(x.var(false, 2, 3).add(1e-5)) : x.mean(2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "bn", "gn2", "in"})
    void lossesFall(String norm) {
        StyleTraining training = training(norm);
        double first = training.fit(content, style).total(10);
        double last = 0;
        for (int i = 0; i < 30; i++) {
            last = training.fit(content, style).total(10);
        }
        assertThat(last).isLessThan(0.8 * first);
        assertThat(training.iteration()).isEqualTo(31);
    }

    @Test
    void theEncoderStaysAsItIs() {
        StyleTraining training = training("in");
        INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, 32, 32);
        StyleLosses before = training.evaluate(content, style);
        INDArray t = encoder.encode(image).dup();
        training.fit(content, style);
        assertThat(encoder.encode(image)).isEqualTo(t);
        assertThat(training.evaluate(content, style)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "bn"})
    void resumedItGoesOnAsIfNothingHadHappened(String norm) {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        StyleTraining training = training(norm);
        training.fit(content, style);
        training.fit(content, style);
        training.save(checkpoint);
        StyleLosses next = training.fit(content, style);
        StyleLosses afterNext = training.fit(content, style);

        StyleTraining resumed = StyleTraining.resume(encoder, checkpoint);
        assertThat(resumed.iteration()).isEqualTo(2);
        assertThat(resumed.fit(content, style)).isEqualTo(next);
        assertThat(resumed.fit(content, style)).isEqualTo(afterNext);
        assertThat(resumed.decoder().parameters()).isEqualTo(training.decoder().parameters());
    }

    @Test
    void aCheckpointIsADecodersFile() {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        StyleTraining training = training("gn2");
        training.fit(content, style);
        training.save(checkpoint);
        AdaINDecoder decoder = AdaINDecoder.load(checkpoint);
        assertThat(decoder.parameters()).isEqualTo(training.decoder().parameters());
        assertThat(decoder.encoder()).isEqualTo(encoder.source());
    }

    @Test
    void otherCheckpointsAreRefused() {
        Path file = folder.resolve("checkpoint.safetensors");
        StyleTraining training = training("none");
        training.decoder().save(file);
        assertThatThrownBy(() -> StyleTraining.resume(encoder, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": has no adam; it has ");
        training.save(file);
        Vgg19 other = Vgg19.random(8, Vgg19.RELU4_1, WIDTH);
        assertThatThrownBy(() -> StyleTraining.resume(other, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encoder: " + file + " takes the one it was trained with, \"random weights, seed 2\","
                        + " received \"random weights, seed 8\"");
        Map<String, INDArray> tensors =
                new java.util.LinkedHashMap<>(training.decoder().parameters());
        tensors.put("adam", Nd4j.ones(DataType.FLOAT, 3));
        Safetensors.write(file, tensors, training.decoder().metadata());
        assertThatThrownBy(() -> StyleTraining.resume(encoder, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": takes a number as style-weight in its metadata, received null");
    }

    @Test
    void wrongArgumentsAreRefused() {
        StyleTraining training = training("none");
        assertThatThrownBy(() -> training.fit(Nd4j.ones(2, 3, 20, 16), style))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content: training takes images whose sides are multiples of 8, received [2, 3, 20, 16]");
        assertThatThrownBy(() -> training.fit(content, Nd4j.ones(1, 3, 16, 16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("style: takes an image for each of the 2 of the content, received 1");
        assertThatThrownBy(() -> training.fit(Nd4j.ones(2, 3, 8, 16), style))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("content: takes images [N, 3, H, W] of at least 16 by 16 pixels");
        assertThatThrownBy(() -> new StyleTraining(encoder, NormSpec.NONE, 0, 1e-4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("styleWeight: takes a number greater than 0, received 0.0");
    }
}
