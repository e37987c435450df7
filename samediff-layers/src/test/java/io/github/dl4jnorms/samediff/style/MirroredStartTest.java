package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MirroredStartTest {
    private final Vgg19 encoder = Vgg19.random(3, Vgg19.RELU4_1, 16);
    private final INDArray images = new RandomVgg(4, 16).images();

    private double error(AdaINDecoder decoder) {
        INDArray difference = decoder.decode(encoder.encode(images)).sub(images);
        return difference.mul(difference).meanNumber().doubleValue();
    }

    /** The mean colour alone has the images' variance as its error; a decoder of random weights has more. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bn", "gn8", "in"})
    void imagesAreRecognizedBeforeAnyTraining(String norm) {
        double variance = images.varNumber().doubleValue();
        assertThat(error(AdaINDecoder.mirroring(encoder, NormSpec.parse(norm), images)))
                .isLessThan(variance);
    }

    /** With BatchNorm's statistics of these images it is the same function. */
    @Test
    void aNormBeginsAsNone() {
        INDArray features = encoder.encode(images);
        INDArray none = AdaINDecoder.mirroring(encoder, NormSpec.NONE, images).decode(features);
        INDArray bn =
                AdaINDecoder.mirroring(encoder, NormSpec.parse("bn"), images).decode(features);
        assertThat(bn.sub(none).amaxNumber().doubleValue()).isLessThan(1e-2);
    }

    @Test
    void kernelsAreTurnedAndChannelsSwapped() {
        INDArray weight = Nd4j.rand(new int[] {5, 4, 3, 3});
        INDArray transposed = MirroredStart.transpose(weight);
        assertThat(transposed.shape()).containsExactly(4, 5, 3, 3);
        assertThat(transposed.getFloat(2, 3, 0, 1)).isEqualTo(weight.getFloat(3, 2, 2, 1));
        assertThat(MirroredStart.transpose(transposed)).isEqualTo(weight);
    }
}
