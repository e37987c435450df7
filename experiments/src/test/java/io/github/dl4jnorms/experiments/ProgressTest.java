package io.github.dl4jnorms.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void withoutTerminalEachPieceIsALineWithAnEtaUntilAllIsDone() {
        try (Progress progress = new Progress("task", 4, out, false)) {
            progress.line("before anything");
            progress.step(3);
            progress.line("three");
            progress.step(1);
            progress.line("four");
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("before anything", "three  (ETA 0 s)", "four");
    }

    @Test
    void onATerminalNoLineIsPrinted() {
        try (Progress progress = new Progress("task", 2, out, true)) {
            progress.step(1);
            progress.line("one");
        }
        assertThat(bytes.size()).isZero();
    }

    @Test
    void timesAreReadable() {
        assertThat(Progress.format(Duration.ofSeconds(45))).isEqualTo("45 s");
        assertThat(Progress.format(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
        assertThat(Progress.format(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
    }
}
