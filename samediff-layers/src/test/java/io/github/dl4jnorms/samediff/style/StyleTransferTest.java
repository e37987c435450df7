package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.Compare;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class StyleTransferTest {

    private static final int WIDTH = 4;

    private final Vgg19 encoder = Vgg19.random(2, Vgg19.RELU4_1, WIDTH);
    private final AdaINDecoder decoder = AdaINDecoder.create(NormSpec.parse("in"), "", WIDTH, 3);
    private final StyleTransfer transfer = new StyleTransfer(encoder, decoder);
    private final INDArray content = Nd4j.rand(DataType.FLOAT, 1, 3, 32, 48);
    private final INDArray style = Nd4j.rand(DataType.FLOAT, 1, 3, 40, 24).muli(0.3);
    private final INDArray other =
            Nd4j.rand(DataType.FLOAT, 1, 3, 24, 24).addi(0.7).muli(0.5);

    private INDArray decoded(INDArray features) {
        return Transforms.max(Transforms.min(decoder.decode(features), 1), 0);
    }

    @Test
    void itIsEncodeNormalizeDecode() {
        INDArray f = encoder.encode(content);
        INDArray t = Norms.adaIn(f, encoder.encode(style), 1e-5);
        INDArray u = Norms.adaIn(f, encoder.encode(other), 1e-5);
        Compare.assertClose("one", transfer.apply(content, style), decoded(t), 5e-5);
        Compare.assertClose("none", transfer.apply(content, style, 0), decoded(f), 5e-5);
        INDArray half = t.add(f).mul(0.5);
        Compare.assertClose("half", transfer.apply(content, style, 0.5), decoded(half), 5e-5);
        INDArray mixed = t.mul(0.75).add(u.mul(0.25));
        Compare.assertClose(
                "mixed", transfer.apply(content, List.of(style, other), new double[] {3, 1}, 1), decoded(mixed), 5e-5);
        assertThat(decoded(t)).isNotEqualTo(decoded(f));
    }

    /** What the paper is about: the channels' statistics are those of the style, but for ε against the content's variance. */
    @Test
    void featuresGetTheStylesStatistics() {
        for (String layer : List.of("relu3_1", "relu4_1")) {
            Map<String, INDArray> f = encoder.encode(content, layer);
            Map<String, INDArray> s = encoder.encode(style, layer);
            INDArray t = Norms.adaIn(f.get(layer), s.get(layer), 1e-5);
            Compare.assertClose(layer, StyleStatistics.of(t), StyleStatistics.of(s.get(layer)), 1e-3);
        }
    }

    /** By hand: means, then the square roots of variance and ε. */
    @Test
    void statisticsAreOfEachExampleAndChannel() {
        INDArray x = Nd4j.createFromArray(1f, 3f, 2f, 2f, 0f, 4f, -1f, 1f).reshape(2, 2, 1, 2);
        double eps = 1e-5;
        Compare.assertClose(
                "statistics",
                StyleStatistics.of(x),
                Nd4j.createFromArray(new double[][] {
                    {2, 2, Math.sqrt(1 + eps), Math.sqrt(eps)}, {2, 0, Math.sqrt(4 + eps), Math.sqrt(1 + eps)}
                }),
                1e-6);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "17, 23", "33, 40", "31, 16"})
    void everySizeComesOut(int height, int width) {
        INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, height, width);
        INDArray result = transfer.apply(image, Nd4j.rand(DataType.FLOAT, 1, 3, width, height));
        assertThat(result.shape()).containsExactly(1, 3, height, width);
        assertThat(result.minNumber().doubleValue()).isNotNegative();
        assertThat(result.maxNumber().doubleValue()).isLessThanOrEqualTo(1);
    }

    /** It is cut from the result of the image that is its own reflection there. */
    @Test
    void anImageIsContinuedByItsReflection() {
        INDArray cut = content.get(
                NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 29), NDArrayIndex.interval(0, 42));
        INDArray whole = Nd4j.create(DataType.FLOAT, 1, 3, 32, 48);
        for (int i = 0; i < 32; i++) {
            for (int j = 0; j < 48; j++) {
                for (int c = 0; c < 3; c++) {
                    whole.putScalar(
                            new int[] {0, c, i, j}, cut.getFloat(0, c, i < 29 ? i : 56 - i, j < 42 ? j : 82 - j));
                }
            }
        }
        INDArray expected = transfer.apply(whole, style)
                .get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(0, 29),
                        NDArrayIndex.interval(0, 42));
        Compare.assertClose("cut", transfer.apply(cut, style), expected, 1e-6);
    }

    private static AdaINDecoder random(String norm, String layer) {
        AdaINDecoder random = AdaINDecoder.create(NormSpec.parse(norm), "", VggLayer.of(layer), WIDTH, 3);
        random.parameters()
                .values()
                .forEach(p -> p.addi(Nd4j.rand(DataType.FLOAT, p.shape()).muli(0.1)));
        return random;
    }

    /** More rows of features than in a strip, at relu4_1 27, and five rows of pixels over, in strips of 4 rows and their margins. */
    @ParameterizedTest
    @CsvSource({"none, relu4_1", "bn, relu4_1", "in, relu4_1", "none, relu3_1", "none, relu2_1"})
    void stripsAreThoseOfTheWhole(String norm, String layer) {
        AdaINDecoder random = random(norm, layer);
        int stride = random.layer().stride();
        StyleTransfer inStrips = new StyleTransfer(encoder, List.of(random), 0, 24L * stride * 12);
        INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, 27 * stride + 5 * stride / 8, 24);
        INDArray features = encoder.encode(image, layer).get(layer);
        Compare.assertClose("features", inStrips.encode(image, random.layer()), features, 1e-5);
        Compare.assertClose("image", inStrips.decode(features, random), random.decode(features), 1e-5);
    }

    /** AdaIN as ever, and then again at a finer layer with the style's patches. */
    @Test
    void strokesArePaintedOverTheResult() {
        AdaINDecoder fine = random("none", Vgg19.RELU2_1);
        StyleTransfer painter = new StyleTransfer(encoder, List.of(decoder, fine), 0.6);
        INDArray first = decoder.decode(Norms.adaIn(encoder.encode(content), encoder.encode(style), 1e-5));
        INDArray f = encoder.encode(first, Vgg19.RELU2_1).get(Vgg19.RELU2_1);
        INDArray s = encoder.encode(style, Vgg19.RELU2_1).get(Vgg19.RELU2_1);
        INDArray original = encoder.encode(content, Vgg19.RELU2_1).get(Vgg19.RELU2_1);
        StyleSwap swap = new StyleSwap(Norms.instanceNorm(s, null, null, 1e-5));
        INDArray mixed = swap.mix(
                Norms.instanceNorm(original, null, null, 1e-5),
                swap.nearest(Norms.instanceNorm(f, null, null, 1e-5)),
                0.6);
        INDArray expected = Nd4j.math.clipByValue(fine.decode(Norms.adaIn(mixed, s, 1e-5)), 0, 1);
        Compare.assertClose("painted over", painter.apply(content, style), expected, 1e-4);

        Compare.assertClose(
                "none of the style",
                painter.apply(content, style, 0),
                Nd4j.math.clipByValue(fine.decode(original), 0, 1),
                1e-4);
    }

    /** Each with the style at its place. */
    @Test
    void examplesAreApart() {
        INDArray both = transfer.apply(Nd4j.concat(0, content, content), Nd4j.concat(0, style, style.add(0.3)));
        INDArray each = Nd4j.concat(0, transfer.apply(content, style), transfer.apply(content, style.add(0.3)));
        Compare.assertClose("examples", both, each, 1e-6);
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThatThrownBy(() -> transfer.apply(Nd4j.ones(1, 3, 1, 1), style))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content: takes images [N, 3, H, W] of at least 16 by 16 pixels, received [1, 3, 1, 1]");
        assertThatThrownBy(() -> transfer.apply(content, Nd4j.ones(1, 4, 32, 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("style: takes images [N, 3, H, W]");
        assertThatThrownBy(() -> transfer.apply(content, Nd4j.ones(2, 3, 32, 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("style: takes an image for each of the 1 of the content, received 2");
        assertThatThrownBy(() -> transfer.apply(content, style, 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alpha: takes a number from 0 to 1, received 1.5");
        assertThatThrownBy(() -> new StyleTransfer(encoder, List.of(decoder), -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("strokes: takes a number from 0 to 1, received -0.1");
        assertThatThrownBy(() -> new StyleTransfer(encoder, List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("decoders: takes at least one, received none");
        for (double[] weights : new double[][] {{1}, {0, 0}, {1, -1}, {1, Double.NaN}, {}}) {
            assertThatThrownBy(() -> transfer.apply(content, List.of(style, other), weights, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("weights: takes a weight from 0 for each of the 2 styles");
        }
        assertThatThrownBy(() -> new StyleTransfer(encoder, AdaINDecoder.create(NormSpec.NONE, "", 8, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("decoder: takes one for an encoder of width 4, received one for width 8");
    }
}
