package io.github.dl4jnorms.samediff.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.weights.Safetensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdaINDecoderTest {

    @TempDir
    Path folder;

    private static AdaINDecoder small(String norm) {
        return AdaINDecoder.create(NormSpec.parse(norm), "some encoder", 4, 3);
    }

    @Test
    void theMirrorOfTheEncoder() {
        AdaINDecoder decoder = AdaINDecoder.create(NormSpec.NONE, 1);
        assertThat(decoder.parameters().entrySet())
                .filteredOn(e -> e.getKey().endsWith(".W"))
                .extracting(e -> e.getKey() + " " + e.getValue().size(1) + " → "
                        + e.getValue().size(0))
                .containsExactly(
                        "decoder4-1.W 512 → 256",
                        "decoder3-4.W 256 → 256",
                        "decoder3-3.W 256 → 256",
                        "decoder3-2.W 256 → 256",
                        "decoder3-1.W 256 → 128",
                        "decoder2-2.W 128 → 128",
                        "decoder2-1.W 128 → 64",
                        "decoder1-2.W 64 → 64",
                        "decoder1-1.W 64 → 3");
        assertThat(decoder.parameterCount()).isEqualTo(3_505_219); // as the authors' decoder
        assertThat(decoder.decode(Nd4j.rand(DataType.FLOAT, 1, 512, 2, 3)).shape())
                .containsExactly(1, 3, 16, 24);
    }

    @ParameterizedTest
    @CsvSource({"none, 0", "bn, 8", "gn2, 8", "in, 8"})
    void aNormFollowsEveryConvolutionButTheLast(String norm, int norms) {
        assertThat(small(norm).parameters().keySet())
                .filteredOn(name -> name.endsWith("-norm.gamma"))
                .hasSize(norms);
    }

    /** Other heights and widths than before, and other than each other. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bn", "gn2", "in"})
    void whatIsSavedIsLoaded(String norm) {
        AdaINDecoder decoder = small(norm);
        decoder.parameters().values().forEach(p -> p.addi(Nd4j.rand(DataType.FLOAT, p.shape())));
        Path file = folder.resolve("decoder.safetensors");
        decoder.save(file);
        AdaINDecoder loaded = AdaINDecoder.load(file);
        assertThat(loaded.norm()).isEqualTo(NormSpec.parse(norm));
        assertThat(loaded.encoder()).isEqualTo("some encoder");
        INDArray features = Nd4j.rand(DataType.FLOAT, 2, 32, 3, 4);
        assertThat(loaded.decode(features)).isEqualTo(decoder.decode(features));
    }

    @Test
    void otherFilesAreRefused() {
        Path file = folder.resolve("decoder.safetensors");
        Safetensors.write(file, Map.of("w", Nd4j.ones(1)));
        assertThatThrownBy(() -> AdaINDecoder.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": takes a decoder's file, with a norm in its metadata, received {}");
        AdaINDecoder decoder = small("in");
        Map<String, INDArray> parameters = new LinkedHashMap<>(decoder.parameters());
        parameters.remove("decoder2-1.W");
        parameters.remove("decoder3-2-norm.gamma");
        Safetensors.write(file, parameters, decoder.metadata());
        assertThatThrownBy(() -> AdaINDecoder.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": has no decoder3-2-norm.gamma, decoder2-1.W; it has ");
        parameters.putAll(decoder.parameters());
        parameters.put("decoder2-1.W", Nd4j.ones(DataType.FLOAT, 4, 4, 3, 3));
        Safetensors.write(file, parameters, decoder.metadata());
        assertThatThrownBy(() -> AdaINDecoder.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": decoder2-1.W: takes shape [4, 8, 3, 3], received [4, 4, 3, 3]");
    }

    @Test
    void otherFeaturesAreRefused() {
        AdaINDecoder decoder = small("none");
        assertThatThrownBy(() -> decoder.decode(Nd4j.ones(1, 32, 1, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("features: takes [N, 32, h, w] with h and w at least 2, received [1, 32, 1, 4]");
        assertThatThrownBy(() -> decoder.decode(Nd4j.ones(1, 16, 4, 4))).isInstanceOf(IllegalArgumentException.class);
    }
}
