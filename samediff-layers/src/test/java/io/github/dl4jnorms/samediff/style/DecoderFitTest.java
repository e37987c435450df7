package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.convert.NormSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecoderFitTest {

    private final Vgg19 encoder = Vgg19.random(3, Vgg19.RELU4_1, 16);

    private double error(AdaINDecoder decoder, INDArray images) {
        String layer = decoder.layer().name();
        INDArray difference =
                decoder.decode(encoder.encode(images, layer).get(layer)).sub(images);
        return difference.mul(difference).meanNumber().doubleValue();
    }

    /** Of images that it was not fitted to, it keeps more than the mirrored start does. */
    @Test
    void givesImagesBack() {
        INDArray images = new RandomVgg(4, 16).images();
        INDArray others = new RandomVgg(5, 16).images();
        List<Integer> done = new ArrayList<>();
        AdaINDecoder fitted = AdaINDecoder.fitted(encoder, Vgg19.RELU4_1, images, done::add);
        AdaINDecoder mirrored = AdaINDecoder.mirroring(encoder, NormSpec.NONE, images);
        assertThat(error(fitted, images)).isLessThan(0.5 * images.varNumber().doubleValue());
        assertThat(error(fitted, others))
                .isLessThan(error(mirrored, others))
                .isLessThan(0.9 * others.varNumber().doubleValue());
        assertThat(done).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(fitted.norm()).isEqualTo(NormSpec.NONE);
    }

    /** The finer the features, the more of the image is in them. */
    @Test
    void finerLayersGiveMoreBack() {
        INDArray images = new RandomVgg(4, 16).images();
        double coarse = images.varNumber().doubleValue();
        for (String layer : List.of(Vgg19.RELU3_1, Vgg19.RELU2_1)) {
            List<Integer> done = new ArrayList<>();
            double error = error(AdaINDecoder.fitted(encoder, layer, images, done::add), images);
            assertThat(error).isLessThan(0.75 * coarse);
            assertThat(done).hasSize(Vgg19.depth(layer));
            coarse = error;
        }
    }

    @Test
    void takesImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdaINDecoder.fitted(encoder, Vgg19.RELU4_1, Nd4j.rand(2, 3, 8, 8), done -> {}))
                .withMessageStartingWith("images: takes ");
    }
}
