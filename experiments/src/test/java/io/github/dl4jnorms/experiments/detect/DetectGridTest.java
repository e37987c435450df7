package io.github.dl4jnorms.experiments.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The grid is Arbiter's, whose traps are endless waits: hence the time limits. */
@Timeout(60)
class DetectGridTest {
    @TempDir
    Path folder;

    private final List<GridPoint> ran = new ArrayList<>();

    private Map<GridPoint, Throwable> run(List<String> norms, List<Integer> batchSizes) throws IOException {
        RunStore store = RunStore.open(folder, Samples.SETTINGS);
        return DetectGrid.run(
                norms,
                batchSizes,
                point -> {
                    ran.add(point);
                    if (point.batchSize() == 13) {
                        throw new OutOfMemoryError("no more");
                    }
                    return Samples.run(point.norm(), point.batchSize(), 2, 1);
                },
                store);
    }

    @Test
    void everyPointRunsOnceInOrder() throws IOException {
        assertThat(run(List.of("bn", "gn"), List.of(1, 2, 64))).isEmpty();
        assertThat(ran)
                .containsExactly(
                        new GridPoint("bn", 1),
                        new GridPoint("gn", 1),
                        new GridPoint("bn", 2),
                        new GridPoint("gn", 2),
                        new GridPoint("bn", 64),
                        new GridPoint("gn", 64));
        assertThat(RunStore.open(folder, Samples.SETTINGS).runs()).hasSize(6);
    }

    @Test
    void anAxisMayHaveOneValue() throws IOException {
        run(List.of("bn"), List.of(2, 16));
        run(List.of("gn", "none"), List.of(4));
        run(List.of("gn16"), List.of(8));
        assertThat(ran)
                .containsExactly(
                        new GridPoint("bn", 2),
                        new GridPoint("bn", 16),
                        new GridPoint("gn", 4),
                        new GridPoint("none", 4),
                        new GridPoint("gn16", 8));
    }

    @Test
    void aRunThatFailsIsToldAndTheOthersGoOn() throws IOException {
        Map<GridPoint, Throwable> failures = run(List.of("bn", "gn"), List.of(13, 2));
        assertThat(failures.keySet()).containsExactly(new GridPoint("bn", 13), new GridPoint("gn", 13));
        assertThat(failures.values()).allSatisfy(e -> assertThat(e).hasMessage("no more"));
        assertThat(ran).hasSize(4);
        assertThat(RunStore.open(folder, Samples.SETTINGS).runs())
                .extracting(RunResult::point)
                .containsExactly(new GridPoint("bn", 2), new GridPoint("gn", 2));
    }
}
