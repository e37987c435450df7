package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.process.PyTorch;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.bench.section.TextTable;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The training step of one model, of every peer. */
public final class StepSection implements Section {
    private static final List<String> HEADER =
            List.of("Peer", "Median", "First quartile", "Third quartile", "Ratio", "Parameters", "Loss");

    private static final String WARNING = "this PyTorch multiplies matrices by " + PyTorch.REFERENCE_BLAS
            + ", install libopenblas0 for a fair comparison";

    private final Model model;
    private final StepSettings settings;
    private final TrainingStep.Result result;

    StepSection(Model model, StepSettings settings, TrainingStep.Result result) {
        this.model = model;
        this.settings = settings;
        this.result = result;
    }

    /** Measures ResNet-50, ours beside DL4J zoo's, PyTorch's and DJL's. */
    public static StepSection resNet50(StepSettings settings, Path logs) {
        ResNet50Peers peers = new ResNet50Peers(settings, logs);
        return measure(peers.model(), settings, peers.all());
    }

    /** Measures the detector of {@code ./norms detect} at full width, with two norms. */
    public static StepSection detector(StepSettings settings) throws IOException {
        return measure(DetectorPeers.model(settings), settings, DetectorPeers.all(settings));
    }

    /** Measures a block of a diffusion transformer, ours beside PyTorch's and what DL4J has. */
    public static StepSection ditBlock(StepSettings settings, Path logs) {
        DiTBlockPeers peers = new DiTBlockPeers(settings, logs);
        return measure(peers.model(), settings, peers.all());
    }

    private static StepSection measure(Model model, StepSettings settings, List<Peer> peers) {
        long work = (long) peers.size() * (settings.warmUp() + settings.steps());
        try (Progress progress = Progress.start("step", work)) {
            progress.line(String.format(
                    Locale.ROOT,
                    "%s: batch size %d, %s; timed steps %d, after %d to warm up",
                    model.title(),
                    settings.batchSize(),
                    model.input(),
                    settings.steps(),
                    settings.warmUp()));
            TrainingStep.Result result =
                    TrainingStep.time(peers, settings.warmUp(), settings.steps(), settings.seed(), progress);
            return new StepSection(model, settings, result);
        }
    }

    @Override
    public List<Claim> claims() {
        return model.limits().stream().flatMap(limit -> claim(limit).stream()).toList();
    }

    private Optional<Claim> claim(Limit limit) {
        return timing(limit.ours()).flatMap(ours -> timing(limit.other()).map(other -> claim(limit, ours, other)));
    }

    private Claim claim(Limit limit, Timing ours, Timing other) {
        double ratio = ours.median() / other.median();
        String evidence = String.format(
                Locale.ROOT,
                "medians of %d steps: %.0f ms against %.0f ms, %.3f×",
                ours.milliseconds().count(),
                ours.median(),
                other.median(),
                ratio);
        return new Claim(
                "A training step of " + model.called() + ", " + limit.ours() + ", takes at most " + limit.ratio()
                        + "× the time of " + limit.title(),
                ratio <= limit.ratio(),
                other.about().contains(PyTorch.REFERENCE_BLAS) ? evidence + "; unfair: " + WARNING : evidence);
    }

    private Optional<Timing> timing(String peer) {
        return result.timings().stream()
                .filter(timing -> timing.name().equals(peer))
                .findFirst();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        Path png = out.resolve(model.name() + ".png");
        Plots.save(StepPlot.of(model.title(), "milliseconds", result.timings()), png);
        report.heading(model.title())
                .paragraph(String.format(
                        Locale.ROOT,
                        "Forward, backward and update on one batch, float, batch size %d, %s: %s. The networks take turns,"
                                + " one step each; of each, %d steps after the first %d are timed.",
                        settings.batchSize(),
                        model.input(),
                        model.text(),
                        settings.steps(),
                        settings.warmUp()))
                .figure(
                        "A dot for each step; the thick line goes from the first to the third quartile, and the white"
                                + " dot is the median. Lower is better.",
                        png)
                .table("Milliseconds for a step; the ratio is to " + baseline().name(), HEADER, cells());
        result.timings().forEach(timing -> report.paragraph(description(timing)));
        result.absent().forEach((peer, reason) -> report.paragraph(peer + ": " + reason + "."));
        report.paragraph(
                ("The loss is the last step's, on the one batch that a network sees. The parameters are counted"
                                + " with the running statistics. " + model.note())
                        .strip());
    }

    private static String description(Timing timing) {
        String about = timing.about().isEmpty() ? "" : " (" + timing.about() + ")";
        return timing.name() + ": " + timing.peer().description() + about + ".";
    }

    @Override
    public String summary() {
        StringBuilder lines = new StringBuilder(model.title() + ", ms\n" + TextTable.of(1, HEADER, cells()));
        result.timings().stream()
                .filter(timing -> !timing.about().isEmpty())
                .forEach(timing -> lines.append(timing.name())
                        .append(": ")
                        .append(timing.about())
                        .append('\n'));
        result.absent()
                .forEach((peer, reason) ->
                        lines.append(peer).append(": ").append(reason).append('\n'));
        return lines.toString();
    }

    private Timing baseline() {
        return result.timings().get(0);
    }

    private List<List<String>> cells() {
        return result.timings().stream()
                .map(timing -> List.of(
                        timing.name(),
                        format("%.1f", timing.median()),
                        format("%.1f", timing.milliseconds().q1()),
                        format("%.1f", timing.milliseconds().q3()),
                        format("%.3f", timing.median() / baseline().median()),
                        String.format(Locale.ROOT, "%,d", timing.parameters()),
                        format("%.4f", timing.loss())))
                .toList();
    }

    @Override
    public List<Row> rows() {
        return result.timings().stream()
                .map(timing -> new Row(
                        "step",
                        model.name(),
                        timing.name(),
                        timing.milliseconds(),
                        OptionalDouble.empty(),
                        baseline().name(),
                        OptionalDouble.of(timing.median() / baseline().median())))
                .toList();
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
