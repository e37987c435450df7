package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class FlowTrainingTest {
    @TempDir
    Path folder;

    private final ImageSet images = Tiny.images();
    private final DitSettings settings = Tiny.settings(null, 3);

    private FlowTraining open(String file) {
        return FlowTraining.open(images, settings, folder.resolve(file));
    }

    @Test
    void aTrainingThatWasStoppedComesToTheSameEnd() throws IOException {
        FlowTraining straight = open("straight/training.zip");
        straight.runTo(6, (step, loss) -> {});
        open("stopped/training.zip").runTo(4, (step, loss) -> {});
        FlowTraining resumed = open("stopped/training.zip");
        assertThat(resumed.step()).isEqualTo(4);
        resumed.runTo(6, (step, loss) -> assertThat(step).isGreaterThan(4));
        assertThat(resumed.losses()).containsExactly(straight.losses());
        assertThat(resumed.averaged().params()).isEqualTo(straight.averaged().params());
        assertThat(folder.resolve("stopped")).isDirectoryContaining("glob:**training.zip");
        try (var files = Files.list(folder.resolve("stopped"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void trainsAndDrawsWithTheAverage() throws IOException {
        FlowTraining training = open("training.zip");
        INDArray start = training.averaged().params().dup();
        training.runTo(9, (step, loss) -> {});
        assertThat(training.averaged().params()).isNotEqualTo(start);
        assertThat(training.losses()).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void aDamagedStateIsNotUsed() throws IOException {
        open("training.zip").runTo(2, (step, loss) -> {});
        Files.writeString(folder.resolve("training.zip"), "no zip");
        assertThat(open("training.zip").step()).isZero();
    }
}
