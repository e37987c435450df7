package io.github.dl4jnorms.samediff.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsTest {

    @TempDir
    Path folder;

    private Path file(String header, byte... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                folder.resolve("x.safetensors"),
                bytes.putLong(text.length).put(text).put(data).array());
    }

    @Test
    void whatIsWrittenIsRead() {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("matrix", Nd4j.rand(DataType.FLOAT, 3, 4));
        tensors.put("column-major", Nd4j.rand(DataType.FLOAT, 5, 2).dup('f'));
        tensors.put("view", Nd4j.rand(DataType.FLOAT, 4, 6).getColumn(2));
        tensors.put("double, ü", Nd4j.createFromArray(1e-3, -2.5));
        tensors.put("scalar", Nd4j.scalar(7f));
        Path file = folder.resolve("new folder").resolve("x.safetensors");
        Safetensors.write(file, tensors, Map.of("norm", "gn32"));
        Safetensors read = Safetensors.open(file);
        assertThat(read.names()).containsExactlyElementsOf(tensors.keySet());
        assertThat(read.metadata()).containsExactly(Map.entry("norm", "gn32"));
        tensors.forEach((name, tensor) -> {
            assertThat(read.shape(name)).isEqualTo(tensor.shape());
            assertThat(read.get(name)).isEqualTo(tensor.castTo(DataType.FLOAT));
        });
    }

    @Test
    void theFileIsReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Nd4j.ones(DataType.FLOAT, 1000)));
        Safetensors.write(file, Map.of("b", Nd4j.ones(DataType.FLOAT, 2)));
        assertThat(Safetensors.open(file).names()).containsExactly("b");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
        assertThat(Safetensors.open(file).metadata()).isEmpty();
    }

    /** As in IEEE 754: 1, the largest, the least normal, the least denormal number, −0, −2, infinity. */
    @ParameterizedTest
    @CsvSource({
        "F16, 3c00, 1",
        "F16, 7bff, 65504",
        "F16, 0400, 6.103515625e-5",
        "F16, 0001, 5.9604644775390625e-8",
        "F16, 8000, -0.0",
        "F16, c000, -2",
        "F16, 7c00, Infinity",
        "F16, 7e00, NaN",
        "BF16, 3f80, 1",
        "BF16, c020, -2.5",
        "BF16, 7f80, Infinity"
    })
    void halvesAreReadAsFloats(String type, String hex, float value) throws IOException {
        int bits = Integer.parseInt(hex, 16);
        Path file =
                file("{\"w\":{\"dtype\":\"" + type + "\",\"shape\":[1],\"data_offsets\":[0,2]}}", (byte) bits, (byte)
                        (bits >> 8));
        assertThat(Safetensors.open(file).get("w").toFloatVector()).containsExactly(value);
    }

    @Test
    void tensorsOfOtherTypesAreRefusedWhenTheyAreAskedFor() throws IOException {
        Path file = file(
                "{\"w\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}",
                new byte[8]);
        Safetensors tensors = Safetensors.open(file);
        assertThatThrownBy(() -> tensors.get("w"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": w: takes the types F32, F16, BF16, received I64");
    }

    @Test
    void missingTensorsAreListed() {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Nd4j.ones(1)));
        Safetensors tensors = Safetensors.open(file);
        assertThatThrownBy(() -> tensors.require(List.of("b", "a", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": has no b, c; it has a");
        assertThatThrownBy(() -> tensors.get("b")).hasMessage(file + ": has no b; it has a");
    }

    static Stream<Arguments> badHeaders() {
        String good = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
        return Stream.of(
                Arguments.of("{\"w\":{" + good + "[0,4]}", "is no safetensors file: its header is no JSON ("),
                Arguments.of("[1,2]", "is no safetensors file: its header is no JSON object"),
                Arguments.of("{} {}", "is no safetensors file: its header is no JSON ("),
                Arguments.of(
                        "{\"w\":{" + good + "[0,4]},\"w\":{" + good + "[4,8]}}", "its header is no JSON (Duplicate"),
                Arguments.of("{\"w\":3}", "w: takes a \"dtype\", a text, received 3"),
                Arguments.of(
                        "{\"w\":{" + good + "[0,12]}}", "w: takes bytes 0 to 12 of the data, received a file with 8"),
                Arguments.of("{\"w\":{" + good + "[4,0]}}", "w: takes \"data_offsets\" of two ascending numbers"),
                Arguments.of("{\"w\":{" + good + "[0]}}", "w: takes \"data_offsets\" of two ascending numbers"),
                Arguments.of("{\"w\":{" + good + "[-4,0]}}", "w: takes \"data_offsets\", an array of whole numbers"),
                Arguments.of("{\"w\":{" + good + "[0,4e30]}}", "w: takes \"data_offsets\", an array of whole numbers"),
                Arguments.of(
                        "{\"w\":{" + good + "[0,8]}}", "w: takes the bytes of shape [1] and type F32, up to 2 GiB"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
                        "w: takes the bytes of shape [4294967296, 4294967296]"),
                Arguments.of("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", "w: takes \"shape\", an array"),
                Arguments.of(
                        "{\"v\":{" + good + "[0,4]},\"w\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[2,6]}}",
                        "w: takes bytes of its own, received some that are v's too"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void badHeadersAreRefused(String header, String message) throws IOException {
        Path file = file(header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'', takes a header of at least 8 bytes, received a file of 0",
        "short, takes a header of at least 8 bytes, received a file of 5",
        "'This is a text, and no tensors at all.', is no safetensors file: takes a header of 2 to 30 bytes"
    })
    void otherFilesAreRefused(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), text);
        assertThatThrownBy(() -> TensorFile.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("w", Nd4j.ones(DataType.FLOAT, 100)));
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 300));
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w: takes bytes 0 to 400 of the data")
                .hasMessageEndingWith("it is truncated or damaged");
    }

    @Test
    void aHeaderThatIsNoUtf8IsRefused() throws IOException {
        Path file = Files.write(
                folder.resolve("x.safetensors"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its header is no JSON (it is not UTF-8)");
    }

    @Test
    void missingAndUnknownFilesAreRefused() {
        Path missing = folder.resolve("missing.safetensors");
        assertThatThrownBy(() -> TensorFile.open(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> TensorFile.open(Path.of("vgg19.pth")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vgg19.pth: takes a file named .safetensors, .h5 or .hdf5");
    }
}
