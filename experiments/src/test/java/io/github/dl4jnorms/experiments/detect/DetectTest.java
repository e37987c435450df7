package io.github.dl4jnorms.experiments.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.MainRunner;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.schedule.ISchedule;

class DetectTest {
    @TempDir
    Path folder;

    private final MainRunner norms = new MainRunner();

    private List<CSVRecord> csv() throws IOException {
        try (CSVParser parser = CSVParser.parse(
                Files.readString(folder.resolve("results.csv")),
                CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            return parser.getRecords();
        }
    }

    private int detect(String... options) {
        List<String> args = new ArrayList<>(List.of("detect", "--out", folder.toString(), "--limit", "4"));
        args.addAll(List.of(options));
        return norms.run(args.toArray(String[]::new));
    }

    /** The whole path on almost nothing: make images, train two runs, report; then go on, then start afresh. */
    @Test
    @Timeout(300)
    void endToEnd() throws IOException {
        assertThat(detect("--norms", "bn,gn", "--batch-sizes", "2", "--epochs", "2"))
                .as(norms.err())
                .isZero();
        assertThat(norms.err()).isEmpty();
        assertThat(norms.out()).contains("seed 42", "gn    batch 2   epoch 2/2", "peak memory", "report.html");
        assertThat(csv()).hasSize(4).allSatisfy(row -> {
            assertThat(Double.parseDouble(row.get("train_loss"))).isPositive().isFinite();
            assertThat(Double.parseDouble(row.get("val_loss"))).isPositive().isFinite();
            assertThat(Double.parseDouble(row.get("map50"))).isBetween(0.0, 1.0);
            assertThat(Double.parseDouble(row.get("seconds"))).isPositive();
            assertThat(row.get("seed")).isEqualTo("42");
        });
        for (String png : List.of("val_loss.png", "map50.png", "loss_curves.png", "detections.png")) {
            BufferedImage image = ImageIO.read(folder.resolve(png).toFile());
            assertThat(image.getWidth()).as(png).isGreaterThan(600);
        }
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("GroupNorm", "./norms detect --out", "Seed</dt><dd>42<");

        String results = Files.readString(folder.resolve("results.csv"));
        assertThat(detect("--norms", "bn,gn", "--batch-sizes", "2", "--epochs", "2"))
                .isZero();
        assertThat(norms.out()).contains("Finished before and kept: 2 runs").doesNotContain("epoch 1/2");
        assertThat(folder.resolve("results.csv")).hasContent(results);

        assertThat(detect("--norms", "gn", "--batch-sizes", "2", "--epochs", "1", "--learning-rate", "1e30"))
                .isZero();
        assertThat(norms.out()).contains("moved to " + folder.resolve("previous-1"));
        assertThat(folder.resolve("previous-1/results.csv")).hasContent(results);
        assertThat(csv())
                .singleElement()
                .satisfies(row -> assertThat(row.get("val_loss")).isEqualTo("NaN"));
        assertThat(folder.resolve("report.html")).content().contains("Diverged", "gn at batch size 2");
    }

    @Test
    void theRateWarmsUpOverTheFirstEpochAndEndsAtZero() {
        ISchedule schedule = DetectorTraining.schedule(0.1, 10, 5);
        assertThat(schedule.valueAt(0, 0)).isCloseTo(0.01, within(1e-4));
        assertThat(schedule.valueAt(9, 0)).isCloseTo(0.1, within(0.01));
        assertThat(schedule.valueAt(49, 4)).isLessThan(0.001).isPositive();
        for (int i = 0; i < 9; i++) {
            assertThat(schedule.valueAt(i, 0)).isLessThan(schedule.valueAt(i + 1, 0));
        }
        assertThat(DetectorTraining.schedule(0.1, 1, 1).valueAt(0, 0)).isEqualTo(0.1);
    }
}
