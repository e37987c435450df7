package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/** The pictures and the page of {@code ./norms detect}, from its finished runs. */
final class DetectReport {
    private static final String BATCH_SIZE = "batch size";
    private static final String VAL_LOSS = "validation loss";

    private final Path out;
    private final DetectSettings settings;
    private final DetectData data;
    private final Collection<RunResult> runs;
    private final List<String> norms;
    private final List<Integer> batchSizes;

    DetectReport(Path out, DetectSettings settings, DetectData data, Collection<RunResult> runs) {
        this.out = out;
        this.settings = settings;
        this.data = data;
        this.runs = runs;
        norms = runs.stream().map(run -> run.point().norm()).distinct().sorted().toList();
        batchSizes = runs.stream()
                .map(run -> run.point().batchSize())
                .distinct()
                .sorted()
                .toList();
    }

    /** Writes the pictures and {@code report.html}, and returns the latter's path. */
    Path write(Map<GridPoint, Throwable> failures, Provenance provenance) throws IOException {
        HtmlReport report = new HtmlReport(
                "BatchNorm against GroupNorm over batch sizes",
                "A detector (ResNet-50, FPN, FCOS head) trained from scratch on " + data.trainImages()
                        + " images and validated on " + data.validationImages() + ", " + settings.imageSize() + "×"
                        + settings.imageSize() + " pixels, once for each norm and batch size, for " + settings.epochs()
                        + (settings.epochs() == 1 ? " epoch. " : " epochs. ")
                        + "BatchNorm's statistics come from the batch, GroupNorm's from each image: the smaller the"
                        + " batch, the noisier the former (Wu and He 2018, arXiv:1803.08494).");
        List<Claim> claims = DetectClaims.judge(runs);
        if (!claims.isEmpty()) {
            report.heading("Claims").claims(claims);
        }
        report.heading("Validation loss")
                .figure(
                        "Validation loss after the last epoch, in evaluation mode, against the batch size. All runs see"
                                + " the same number of images, so a larger batch means fewer steps: compare the norms at"
                                + " a batch size rather than the batch sizes of a norm. A diverged run has no point.",
                        againstBatchSize(
                                "val_loss.png", "Validation loss after the last epoch", VAL_LOSS, EpochResult::valLoss))
                .table("After the last epoch", header(), rows());
        String diverged = runs.stream()
                .filter(RunResult::diverged)
                .map(run -> run.point().toString())
                .collect(Collectors.joining(", "));
        if (!diverged.isEmpty()) {
            report.paragraph("Diverged, their loss no longer finite: " + diverged + ".");
        }
        failures.forEach((point, failure) -> report.paragraph(point + " failed: " + Main.describe(failure)));
        report.heading("Mean average precision")
                .figure(
                        "mAP at IoU 0.5, as Pascal VOC defines it, after the last epoch.",
                        againstBatchSize("map50.png", "mAP@0.5 after the last epoch", "mAP@0.5", EpochResult::map50));
        report.heading("Loss by epoch")
                .figure("Validation loss (solid) and training loss (dashed) of every run.", curves());
        Optional<Path> picture = picture();
        if (picture.isPresent()) {
            report.heading("Detections")
                    .figure(
                            "The first validation images. Of an image with k objects the k best-scored detections are"
                                    + " drawn, with their scores.",
                            picture.get());
        }
        report.heading("Settings").table("The same for every run", List.of("Setting", "Value"), settingsRows());
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    /** The numbers of the report's table in a few lines for the terminal. */
    String summary() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-6s %10s %12s %12s %9s %12s%n",
                "norm",
                BATCH_SIZE,
                "train loss",
                "val loss",
                "mAP@0.5",
                "s/image"));
        for (RunResult run : runs) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-6s %10d %12.4f %12.4f %9.3f %12.4f%n",
                    run.point().norm(),
                    run.point().batchSize(),
                    run.last().trainLoss(),
                    run.last().valLoss(),
                    run.last().map50(),
                    run.secondsPerImage()));
        }
        return text.toString();
    }

    private static List<String> header() {
        return List.of(
                "Norm", "Batch size", "Training loss", "Validation loss", "mAP@0.5", "Seconds per training image");
    }

    private List<List<String>> rows() {
        return runs.stream()
                .map(run -> List.of(
                        run.point().norm(),
                        Integer.toString(run.point().batchSize()),
                        number(run.last().trainLoss(), 4),
                        number(run.last().valLoss(), 4),
                        number(run.last().map50(), 3),
                        number(run.secondsPerImage(), 4)))
                .toList();
    }

    private List<List<String>> settingsRows() {
        return List.of(
                List.of("Images", settings.madeImages() ? "made (cells on a noisy background)" : settings.data()),
                List.of("Classes", String.join(", ", data.classNames())),
                List.of("Augmentation", "random flips, horizontal and vertical"),
                List.of(
                        "Optimizer",
                        "SGD, momentum " + DetectDefaults.MOMENTUM + ", learning rate " + settings.learningRate()
                                + " × batch / "
                                + DetectDefaults.REFERENCE_BATCH
                                + ", linear warm-up over the first epoch, cosine to 0"),
                List.of("FPN and head channels", Integer.toString(settings.channels())),
                List.of("Convolutions in each tower of the head", Integer.toString(settings.headConvolutions())),
                List.of("Peak resident memory of the process", Machine.gigabytes(Machine.peakResidentBytes())));
    }

    private Path againstBatchSize(String file, String title, String yLabel, ToDoubleFunction<EpochResult> value)
            throws IOException {
        List<Series> series = new ArrayList<>();
        for (String norm : norms) {
            List<RunResult> of =
                    runs.stream().filter(run -> run.point().norm().equals(norm)).toList();
            series.add(new Series(
                    norm,
                    of.stream().mapToDouble(run -> run.point().batchSize()).toArray(),
                    of.stream()
                            .mapToDouble(run -> value.applyAsDouble(run.last()))
                            .toArray(),
                    norms.indexOf(norm)));
        }
        Path png = out.resolve(file);
        Plots.save(Plots.linesLog2(title, BATCH_SIZE, yLabel, series), png);
        return png;
    }

    /** A panel for each batch size. */
    private Path curves() throws IOException {
        List<XYChart> panels = new ArrayList<>();
        for (int batchSize : batchSizes) {
            List<Series> series = new ArrayList<>();
            for (RunResult run : runs) {
                if (run.point().batchSize() == batchSize) {
                    int color = norms.indexOf(run.point().norm());
                    series.add(curve(run, "", EpochResult::valLoss, color, Series.Style.SOLID));
                    series.add(curve(run, " training", EpochResult::trainLoss, color, Series.Style.DASHED));
                }
            }
            panels.add(Plots.panel("Batch size " + batchSize, "epoch", "loss", series));
        }
        Path png = out.resolve("loss_curves.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    private static Series curve(
            RunResult run, String name, ToDoubleFunction<EpochResult> value, int color, Series.Style style) {
        return new Series(
                run.point().norm() + name,
                run.epochs().stream().mapToDouble(EpochResult::epoch).toArray(),
                run.epochs().stream().mapToDouble(value).toArray(),
                color,
                style);
    }

    /** Detections of every norm at the batch size where they are best on average; none if no run has any. */
    private Optional<Path> picture() throws IOException {
        Map<Integer, List<RunResult>> byBatchSize = runs.stream()
                .filter(run -> !run.diverged())
                .collect(Collectors.groupingBy(run -> run.point().batchSize(), TreeMap::new, Collectors.toList()));
        Optional<List<RunResult>> best = byBatchSize.values().stream()
                .max(Comparator.<List<RunResult>>comparingInt(List::size).thenComparingDouble(DetectReport::precision));
        if (best.isEmpty()) {
            return Optional.empty();
        }
        List<DetectionPicture.Column> columns = best.get().stream()
                .map(run -> new DetectionPicture.Column(
                        run.point().norm() + ", batch " + run.point().batchSize(), run.shown()))
                .toList();
        Path png = out.resolve("detections.png");
        Plots.savePng(DetectionPicture.draw(data.classNames(), data.samples(), columns), png);
        return Optional.of(png);
    }

    private static double precision(List<RunResult> runs) {
        return runs.stream().mapToDouble(run -> run.last().map50()).average().orElseThrow();
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "NaN" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
