package io.github.dl4jnorms.experiments.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReportTest {
    private static final String SMALL = "layer forward 32x768";
    private static final String LARGE = "layer forward 8x2048x4096";
    private static final String RMS = "rms forward 8x2048x4096";
    private static final String BACKWARD = "layer backward 8x2048x4096";

    @TempDir
    Path out;

    private static KernelReport report() {
        Times times = new Times(SMALL, LARGE, RMS, BACKWARD)
                .add("memcpy", SMALL, 0.01)
                .add("memcpy", LARGE, 20)
                .add("ours", SMALL, 0.0125)
                .add("ours", LARGE, 30, 25, 35, 27, 50)
                .add("ours", RMS, 24)
                .add("ours", BACKWARD, 50)
                .add("djl", LARGE, 40)
                .add("djl", BACKWARD, true, 110)
                .without("torch", "not installed");
        return new KernelReport(times.times(), new KernelSettings(times.works(), true, 3, 250, 3, 40));
    }

    @Test
    void speedIsByTheBytesThatMustBeMoved() {
        List<Row> rows = report().rows();
        Row ours = rows.stream()
                .filter(row -> row.what().equals(LARGE) && row.peer().equals("ours"))
                .findFirst()
                .orElseThrow();
        assertThat(ours.milliseconds().median()).isEqualTo(30);
        assertThat(ours.gigabytesPerSecond().orElseThrow()).isEqualTo(2 * 268.435456 / 30, within(1e-9));
        assertThat(ours.ratio().orElseThrow()).isEqualTo(1.5, within(1e-12));
        Row rms =
                rows.stream().filter(row -> row.what().equals(RMS)).findFirst().orElseThrow();
        assertThat(rms.ratio().orElseThrow())
                .as("memcpy is measured once for each shape")
                .isEqualTo(1.2, within(1e-12));
        Row djl = rows.get(rows.size() - 1);
        assertThat(djl.what()).as("as it was measured").isEqualTo("layer forward+backward 8x2048x4096");
        assertThat(djl.milliseconds().median()).isEqualTo(110);
        assertThat(djl.gigabytesPerSecond().orElseThrow())
                .as("of the backward pass")
                .isEqualTo(3 * 268.435456 / 70, within(1e-9));
    }

    @Test
    void tableOnTheTerminal() {
        assertThat(report().summary().lines())
                .anyMatch(line -> line.matches("Shape +memcpy +ours +q1 +q3 +ratio +djl +torch"))
                .anyMatch(line -> line.matches("32x768 +0.0100 +0.0125 .*"))
                .anyMatch(line -> line.matches("8x2048x4096 +20.0 +30.0 +27.0 +35.0 +1.50 +40.0 +not installed"))
                .anyMatch(line -> line.matches("8x2048x4096 +20.0 +50.0 +50.0 +50.0 +2.50 +70.0 +not installed"))
                .contains("LayerNorm forward", "RMSNorm forward", "LayerNorm backward", "torch: not installed")
                .doesNotContain("GroupNorm(32) forward");
    }

    @Test
    void pageHasTheTablesAndTheRoofline() throws IOException {
        HtmlReport page = new HtmlReport("Benchmarks", "");
        report().addTo(page, out);
        Path html = out.resolve("report.html");
        page.write(html, new Provenance(Map.of()));
        assertThat(html)
                .content()
                .contains("arXiv:1607.06450", "27.0", "35.0", "in 3 rounds", "torch: not installed", "djl: a peer")
                .contains("data:image/png;base64,");
        BufferedImage png = ImageIO.read(out.resolve("roofline.png").toFile());
        for (Norm norm : List.of(Norm.LAYER, Norm.RMS)) {
            int rgb = Plots.color(norm.ordinal()).getRGB();
            long pixels = IntStream.range(0, png.getWidth() * png.getHeight())
                    .filter(p -> png.getRGB(p % png.getWidth(), p / png.getWidth()) == rgb)
                    .count();
            assertThat(pixels).as(norm.title()).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"15690, 0.0157", "1000000, 1.00", "1237000, 1.24", "28000000, 28.0", "520700000, 521"})
    void millisecondsHaveThreeDigits(double nanoseconds, String text) {
        assertThat(Milliseconds.text(nanoseconds)).isEqualTo(text);
    }
}
