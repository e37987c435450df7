package io.github.dl4jnorms.samediff.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** On a file by {@code src/test/python/small_h5.py}. */
class Hdf5Test {

    @TempDir
    Path folder;

    private static Path small() throws URISyntaxException {
        return Path.of(Hdf5Test.class.getResource("/weights/small.h5").toURI());
    }

    @Test
    void arraysAreReadAsFloats() throws URISyntaxException {
        TensorFile file = TensorFile.open(small());
        assertThat(file.names())
                .containsExactlyInAnyOrder(
                        "block1_conv1/block1_conv1_W_1:0", "model_weights/dense/dense/bias:0", "zipped");
        assertThat(file.shape("block1_conv1/block1_conv1_W_1:0")).containsExactly(2, 3, 4);
        assertThat(file.get("block1_conv1/block1_conv1_W_1:0"))
                .isEqualTo(Nd4j.arange(24).castTo(DataType.FLOAT).reshape(2, 3, 4));
        assertThat(file.get("model_weights/dense/dense/bias:0")).isEqualTo(Nd4j.createFromArray(0f, 0.5f, 1f));
        assertThat(file.get("zipped"))
                .isEqualTo(Nd4j.arange(40).castTo(DataType.FLOAT).reshape(8, 5));
        assertThatThrownBy(() -> file.get("steps"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("small.h5: has no steps; it has ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, 3000, 9000})
    void truncatedFilesAreRefused(int length) throws Exception {
        Path file = Files.write(folder.resolve("x.h5"), Arrays.copyOf(Files.readAllBytes(small()), length));
        assertThatThrownBy(() -> {
                    TensorFile opened = Hdf5.open(file);
                    opened.names().forEach(opened::get);
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": is no HDF5 file, or a damaged one (");
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("x.h5"), "This is a text, and has no arrays at all.".repeat(100));
        assertThatThrownBy(() -> Hdf5.open(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + ": is no HDF5 file, or a damaged one (");
        Path missing = folder.resolve("missing.h5");
        assertThatThrownBy(() -> TensorFile.open(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(missing + ": there is no such file");
    }
}
