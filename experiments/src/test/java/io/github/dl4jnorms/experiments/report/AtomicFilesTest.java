package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void writesAndReplacesAndMakesFolders() throws IOException {
        Path file = folder.resolve("a/b/file.txt");
        AtomicFiles.write(file, "first");
        AtomicFiles.write(file, "größer");
        assertThat(file).hasContent("größer");
        assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
        assertThat(Files.list(file.getParent())).hasSize(1);
    }

    @Test
    void failureKeepsTheOldFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("file.txt");
        AtomicFiles.write(file, "old");
        assertThatIOException()
                .isThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .withMessage("disk full");
        assertThat(file).hasContent("old");
        assertThat(Files.list(folder)).hasSize(1);
    }
}
