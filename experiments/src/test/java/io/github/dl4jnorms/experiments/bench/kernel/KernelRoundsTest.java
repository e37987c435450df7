package io.github.dl4jnorms.experiments.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.process.FakePeer;
import io.github.dl4jnorms.experiments.bench.process.JavaProcess;
import io.github.dl4jnorms.experiments.bench.process.PeerException;
import io.github.dl4jnorms.experiments.bench.process.PeerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelRoundsTest {
    @TempDir
    Path out;

    private static KernelSettings settings(String... works) {
        return new KernelSettings(Stream.of(works).map(Work::parse).toList(), false, 2, 1, 2, 1);
    }

    private KernelTimes run(KernelSettings settings, PeerProcess process) {
        List<Contestant> contestants = List.of(
                new Contestant("a", () -> process, "fake", false, work -> true),
                new Contestant("b", () -> process, "fake", true, Work::forward),
                new Contestant(
                        "c",
                        () -> {
                            throw new PeerException("not installed");
                        },
                        "fake",
                        false,
                        work -> true));
        try (Progress progress = Progress.start("test", KernelRounds.turns(settings, contestants))) {
            return new KernelRounds(settings, contestants, progress).run();
        }
    }

    /** The fake's times count its turns: 1 in Java's first round, 2, 3, 4 in the next that is not counted, then 5 to 10. */
    @Test
    void contestantsTakeTurnsAtEachWorkInEachRound() {
        Work forward = Work.parse("group forward 1x32x2");
        Work backward = forward.turned();
        try (PeerProcess process = JavaProcess.start(FakePeer.class, List.of(), out.resolve("log"))) {
            KernelTimes times = run(settings(forward.toString(), backward.toString()), process);
            assertThat(times.time("a", forward).orElseThrow().nanoseconds().values())
                    .containsExactly(5e6, 5e6, 8e6, 8e6);
            assertThat(times.time("b", forward).orElseThrow().nanoseconds().values())
                    .containsExactly(6e6, 6e6, 9e6, 9e6);
            assertThat(times.time("a", backward).orElseThrow().both()).isTrue();
            assertThat(times.median("a", backward)).as("10 and 7, less 8 and 5").hasValue(2e6);
            assertThat(times.time("b", backward)).isEmpty();
            assertThat(times.peers().get("a").there()).isTrue();
            assertThat(times.peers().get("c").there()).isFalse();
            assertThat(times.peers().get("c").text()).isEqualTo("not installed");
        }
    }

    @Test
    void workThatIsDeclinedHasNoTime() {
        try (PeerProcess process = JavaProcess.start(FakePeer.class, List.of(), out.resolve("log"))) {
            KernelTimes times = run(settings("layer forward 2x8"), process);
            assertThat(times.times()).isEmpty();
            assertThat(times.peers().get("a").there()).isTrue();
        }
    }

    @Test
    void contestantThatFailsIsOut() {
        try (PeerProcess process = JavaProcess.start(FakePeer.class, List.of(), out.resolve("log"))) {
            KernelTimes times = run(settings("group forward 1x32x2", "rms forward 2x8"), process);
            assertThat(times.peers().get("a").there()).isFalse();
            assertThat(times.peers().get("a").text()).isEqualTo("no rms");
            assertThat(times.median("a", Work.parse("group forward 1x32x2"))).isEmpty();
        }
    }

    /** The real processes, at work of a few microseconds. */
    @Test
    void allTogether() {
        KernelReport report =
                KernelBench.run(settings("layer forward 8x64", "group backward 2x32x3x3"), 1, Optional.empty(), out);
        assertThat(report.rows())
                .filteredOn(row -> row.what().equals("layer forward 8x64"))
                .extracting(row -> row.peer())
                .contains("memcpy", "ours", "nd4j");
        assertThat(report.rows())
                .filteredOn(row -> row.peer().equals("composed"))
                .singleElement()
                .satisfies(row -> assertThat(row.milliseconds().count())
                        .as("a slow turn is one call")
                        .isBetween(2, 4));
        assertThat(report.summary()).contains("djl: not built");
        assertThat(report.rows())
                .allSatisfy(row -> assertThat(row.milliseconds().q1()).isPositive());
    }
}
