package io.github.dl4jnorms.experiments.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
    @TempDir
    Path folder;

    private static final DetectSettings OTHER = new DetectSettings(null, 8, 4, 64, 2, 0.02, 32, 1, 7);

    @Test
    void csvHasTheContractsHeaderAndARowForEachEpoch() throws IOException {
        RunStore store = RunStore.open(folder, Samples.SETTINGS);
        store.save(Samples.run("gn", 16, 2, 1.25));
        store.save(Samples.run("bn", 2, 3, 2));
        store.save(Samples.diverged("bn", 1));
        assertThat(store.csv()).hasContent("""
                        norm,batch_size,seed,epoch,train_loss,val_loss,map50,seconds
                        bn,1,7,1,3.000000,4.000000,0.000000,4.000
                        bn,1,7,2,NaN,NaN,NaN,1.500
                        bn,2,7,1,3.000000,3.000000,0.100000,4.000
                        bn,2,7,2,2.000000,2.000000,0.250000,2.000
                        gn,16,7,1,2.000000,2.000000,0.100000,4.000
                        gn,16,7,2,1.250000,1.250000,0.250000,2.000
                        """);
    }

    @Test
    void finishedRunsAreFoundAgainAsTheyWere() throws IOException {
        RunResult run = Samples.run("gn", 16, 2, 1.0 / 3);
        RunResult diverged = Samples.diverged("bn", 1);
        RunStore store = RunStore.open(folder, Samples.SETTINGS);
        store.save(run);
        store.save(diverged);
        RunStore again = RunStore.open(folder, Samples.SETTINGS);
        assertThat(again.movedAside()).isEmpty();
        assertThat(again.runs()).containsExactly(diverged, run);
        assertThat(again.find(run.point())).contains(run);
        assertThat(again.find(new GridPoint("gn", 8))).isEmpty();
        assertThat(diverged.diverged()).isTrue();
        assertThat(run.diverged()).isFalse();
    }

    @Test
    void anUnfinishedRunIsInTheCsvButIsNotFound() throws IOException {
        RunStore store = RunStore.open(folder, Samples.SETTINGS);
        store.save(Samples.run("bn", 2, 3, 2));
        store.show(Samples.run("gn", 2, 3, 2));
        assertThat(store.csv()).content().contains("\ngn,2,7,1,");
        RunStore again = RunStore.open(folder, Samples.SETTINGS);
        assertThat(again.runs()).extracting(RunResult::point).containsExactly(new GridPoint("bn", 2));
        again.writeCsv();
        assertThat(again.csv()).content().contains("\nbn,2,").doesNotContain("\ngn,2,");
    }

    @Test
    void resultsOfOtherSettingsAreMovedAsideAndNeverLost() throws IOException {
        RunStore.open(folder, Samples.SETTINGS).save(Samples.run("bn", 2, 3, 2));
        String csv = Files.readString(folder.resolve("results.csv"));
        RunStore other = RunStore.open(folder, OTHER);
        assertThat(other.movedAside()).contains(folder.resolve("previous-1"));
        assertThat(other.runs()).isEmpty();
        assertThat(folder.resolve("previous-1/results.csv")).hasContent(csv);
        assertThat(folder.resolve("previous-1/runs/bn-2.json")).exists();
        assertThat(RunStore.open(folder, Samples.SETTINGS).movedAside()).contains(folder.resolve("previous-2"));
        assertThat(RunStore.open(folder.resolve("previous-1"), Samples.SETTINGS).runs())
                .hasSize(1);
    }

    @Test
    void aDamagedRunIsRunAgain() throws IOException {
        RunStore store = RunStore.open(folder, Samples.SETTINGS);
        store.save(Samples.run("bn", 2, 3, 2));
        store.save(Samples.run("gn", 2, 3, 2));
        Files.writeString(folder.resolve("runs/gn-2.json"), "{\"point\":");
        assertThat(RunStore.open(folder, Samples.SETTINGS).runs())
                .extracting(RunResult::point)
                .containsExactly(new GridPoint("bn", 2));
    }

    @Test
    void secondsPerImageLeaveOutWhatDidNotRunThrough() {
        assertThat(Samples.run("bn", 2, 3, 2).secondsPerImage()).isEqualTo((4.0 / 8 + 2.0 / 8) / 2);
        assertThat(Samples.diverged("bn", 2).secondsPerImage()).isEqualTo(4.0 / 8);
    }
}
