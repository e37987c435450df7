package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page, the picture and the table of {@code ./norms bench}. */
final class BenchReport {
    /** What {@code bench.csv} calls the training step. */
    static final String TRAINING_STEP = "resnet50_training_step";

    /** The share of the zoo's time that a training step of ours may take. */
    static final double LIMIT = 0.5;

    private final Path out;
    private final BenchSettings settings;
    private final List<Peer> peers;
    private final List<Timing> timings;
    private final Timing zoo;

    /** The first of the timings is the zoo's, which the others are compared with. */
    BenchReport(Path out, BenchSettings settings, List<Peer> peers, List<Timing> timings) {
        this.out = out;
        this.settings = settings;
        this.peers = peers;
        this.timings = timings;
        this.zoo = timings.get(0);
    }

    Path csv() {
        return out.resolve("bench.csv");
    }

    /** Writes {@code bench.csv}, {@code training_step.png} and {@code report.html}, and returns the last one's path. */
    Path write(Provenance provenance) throws IOException {
        BenchCsv.write(csv(), TRAINING_STEP, timings, zoo);
        Path png = out.resolve("training_step.png");
        Plots.save(BenchPlot.of("ResNet-50: time of a training step", "milliseconds", timings), png);
        HtmlReport report = new HtmlReport(
                "Benchmarks",
                String.format(
                        Locale.ROOT,
                        "How long one training step (forward, backward, update) of ResNet-50 takes: float, batch size %d,"
                                + " images of %d×%d pixels, softmax over %d classes, Nesterov momentum. All networks are in one"
                                + " process and take turns, one step each; of each, %d after the first %d are timed.",
                        settings.batchSize(),
                        settings.imageSize(),
                        settings.imageSize(),
                        settings.classes(),
                        settings.steps(),
                        settings.warmUp()));
        report.heading("Claims").claims(claims());
        report.heading("Training step")
                .figure(
                        "A dot for each step; the thick line goes from the first to the third quartile, and the white"
                                + " dot is the median. Lower is better.",
                        png)
                .table("Milliseconds for a step", header(), rows());
        for (Peer peer : peers) {
            report.paragraph(peer.name() + ": " + peer.description() + ".");
        }
        report.paragraph(parameters() + " The loss is the last step's, on the one batch that all of them see.");
        report.paragraph("Peak memory of the process, all networks together: "
                + Machine.gigabytes(Machine.peakResidentBytes()) + ".");
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    /** A claim for each network of ours. */
    List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        for (Timing timing : timings.subList(1, timings.size())) {
            double ratio = ratio(timing);
            claims.add(new Claim(
                    String.format(
                            Locale.ROOT,
                            "One training step of %s takes at most %.1f of DL4J zoo's time",
                            timing.peer(),
                            LIMIT),
                    ratio <= LIMIT,
                    String.format(
                            Locale.ROOT,
                            "medians of %d steps: %.0f ms against %.0f ms, ratio %.3f",
                            timing.steps(),
                            timing.median(),
                            zoo.median(),
                            ratio)));
        }
        return claims;
    }

    /** The numbers of the report's table in a few lines for the terminal. */
    String summary() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-8s %10s %10s %10s %8s%n", "peer", "median ms", "q1 ms", "q3 ms", "ratio"));
        for (Timing timing : timings) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-8s %10.1f %10.1f %10.1f %8.3f%n",
                    timing.peer(),
                    timing.median(),
                    timing.q1(),
                    timing.q3(),
                    ratio(timing)));
        }
        return text.toString();
    }

    private double ratio(Timing timing) {
        return timing.median() / zoo.median();
    }

    private static List<String> header() {
        return List.of("Peer", "Median", "First quartile", "Third quartile", "Ratio to the zoo", "Parameters", "Loss");
    }

    private List<List<String>> rows() {
        return timings.stream()
                .map(timing -> List.of(
                        timing.peer(),
                        format("%.1f", timing.median()),
                        format("%.1f", timing.q1()),
                        format("%.1f", timing.q3()),
                        format("%.3f", ratio(timing)),
                        String.format(Locale.ROOT, "%,d", timing.parameters()),
                        format("%.4f", timing.loss())))
                .toList();
    }

    private String parameters() {
        long least = timings.stream().mapToLong(Timing::parameters).min().orElseThrow();
        long most = timings.stream().mapToLong(Timing::parameters).max().orElseThrow();
        return least == most
                ? "All networks have the same number of parameters, running statistics included."
                : String.format(
                        Locale.ROOT,
                        "The networks' numbers of parameters, running statistics included, differ by up to %.2f%%: the"
                                + " zoo's convolutions have biases, and GroupNorm has no running statistics.",
                        100.0 * (most - least) / least);
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
