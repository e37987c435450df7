package io.github.dl4jnorms.experiments.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.bench.memory.Trace.Point;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySectionTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path out;

    private static MemorySection section(int steps, IntFunction<Point> point) {
        return new MemorySection(
                new Trace(IntStream.range(0, steps).mapToObj(point).toList()));
    }

    private static Claim claim(IntFunction<Point> point) {
        return section(200, point).claims().get(0);
    }

    @Test
    void flatMemoryHolds() {
        Claim claim = claim(i -> new Point(8 * MEBIBYTE, (i % 20) * 10_000, 300 * MEBIBYTE));
        assertThat(claim.holds()).isTrue();
        assertThat(claim.text()).isEqualTo("The memory outside the heap is flat after step 50 of 200");
    }

    @Test
    void growthAtFirstIsForgiven() {
        assertThat(claim(i -> new Point(Math.min(i, 49) * MEBIBYTE, 0, 300 * MEBIBYTE))
                        .holds())
                .isTrue();
    }

    @Test
    void anArrayLeftBehindByEachStepIsSeen() {
        assertThat(claim(i -> new Point(8 * MEBIBYTE, i * 100_000L, 300 * MEBIBYTE))
                        .holds())
                .isFalse();
        assertThat(claim(i -> new Point(8 * MEBIBYTE, 0, (300 + i / 2) * MEBIBYTE))
                        .holds())
                .as("only the system knows of it")
                .isFalse();
    }

    @Test
    void tooFewStepsClaimNothing() {
        assertThat(section(50, i -> new Point(1, 2, 3)).claims()).isEmpty();
    }

    @Test
    void numbersArePartOfTheReport() throws IOException {
        HtmlReport page = new HtmlReport("Benchmarks", "");
        section(3, i -> new Point(i, 10 * i, 100 * i)).addTo(page, out);
        page.write(out.resolve("report.html"), new Provenance(Map.of()));
        assertThat(out.resolve("memory.csv")).hasContent("""
                        step,workspace_bytes,other_native_bytes,resident_bytes
                        1,0,0,0
                        2,1,10,100
                        3,2,20,200
                        """);
        assertThat(out.resolve("report.html")).content().contains("data:image/png;base64,");
    }

    @Test
    void pointIsReadAsItIsWritten() {
        Point point = new Point(1, 2, 3);
        assertThat(Point.parse(point.toString())).isEqualTo(point);
    }
}
