package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.bench.section.TextTable;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The training step of one model, of every peer. */
public final class StepSection implements Section {
    private static final String RESNET = "resnet50_training_step";
    private static final String DETECTOR = "detector_training_step";
    private static final List<String> HEADER =
            List.of("Peer", "Median", "First quartile", "Third quartile", "Ratio", "Parameters", "Loss");

    private final String name;
    private final String title;
    private final String text;
    private final StepSettings settings;
    private final TrainingStep.Result result;

    /**
     * @param name  in files
     * @param title on the page
     * @param text  the model
     */
    StepSection(String name, String title, String text, StepSettings settings, TrainingStep.Result result) {
        this.name = name;
        this.title = title;
        this.text = text;
        this.settings = settings;
        this.result = result;
    }

    /** Measures ResNet-50, ours beside DL4J zoo's, PyTorch's and DJL's. */
    public static StepSection resNet50(StepSettings settings, Path logs) {
        return measure(
                RESNET,
                "ResNet-50, a training step",
                "an image classifier, softmax over " + settings.classes() + " classes, Nesterov momentum",
                settings,
                new ResNet50Peers(settings, logs).all());
    }

    /** Measures the detector of {@code ./norms detect} at full width, with two norms. */
    public static StepSection detector(StepSettings settings) throws IOException {
        return measure(
                DETECTOR,
                "The detector, a training step",
                "ResNet-50, feature pyramid and FCOS head of 256 channels with 4 convolutions in each tower, FCOS's loss,"
                        + " Nesterov momentum",
                settings,
                DetectorPeers.all(settings));
    }

    private static StepSection measure(
            String name, String title, String text, StepSettings settings, List<Peer> peers) {
        long work = (long) peers.size() * (settings.warmUp() + settings.steps());
        try (Progress progress = Progress.start("step", work)) {
            progress.line(String.format(
                    Locale.ROOT,
                    "%s: batch size %d, images of %d pixels square; timed steps %d, after %d to warm up",
                    title,
                    settings.batchSize(),
                    settings.imageSize(),
                    settings.steps(),
                    settings.warmUp()));
            TrainingStep.Result result =
                    TrainingStep.time(peers, settings.warmUp(), settings.steps(), settings.seed(), progress);
            return new StepSection(name, title, text, settings, result);
        }
    }

    @Override
    public List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        for (String ours : List.of(ResNet50Peers.OURS_BN, ResNet50Peers.OURS_GN)) {
            claim(claims, ours, ResNet50Peers.ZOO, "DL4J zoo's", 0.33);
            claim(claims, ours, ResNet50Peers.DJL, "DJL's", 0.6);
            claim(claims, ours, ResNet50Peers.TORCH, "PyTorch's", 1.2);
        }
        return claims;
    }

    private void claim(List<Claim> claims, String ours, String other, String title, double limit) {
        Optional<Timing> mine = timing(ours);
        Optional<Timing> theirs = timing(other);
        if (mine.isEmpty() || theirs.isEmpty()) {
            return;
        }
        double ratio = mine.get().median() / theirs.get().median();
        claims.add(new Claim(
                "A training step of ResNet-50, " + ours + ", takes at most " + limit + "× the time of " + title,
                ratio <= limit,
                String.format(
                        Locale.ROOT,
                        "medians of %d steps: %.0f ms against %.0f ms, %.3f×",
                        mine.get().milliseconds().count(),
                        mine.get().median(),
                        theirs.get().median(),
                        ratio)));
    }

    private Optional<Timing> timing(String peer) {
        return result.timings().stream()
                .filter(timing -> timing.name().equals(peer))
                .findFirst();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        Path png = out.resolve(name + ".png");
        Plots.save(StepPlot.of(title, "milliseconds", result.timings()), png);
        report.heading(title)
                .paragraph(String.format(
                        Locale.ROOT,
                        "Forward, backward and update on one batch, float, batch size %d, images of %d×%d pixels: %s. The"
                                + " networks take turns, one step each; of each, %d steps after the first %d are timed.",
                        settings.batchSize(),
                        settings.imageSize(),
                        settings.imageSize(),
                        text,
                        settings.steps(),
                        settings.warmUp()))
                .figure(
                        "A dot for each step; the thick line goes from the first to the third quartile, and the white"
                                + " dot is the median. Lower is better.",
                        png)
                .table("Milliseconds for a step; the ratio is to " + baseline().name(), HEADER, cells());
        result.timings()
                .forEach(timing ->
                        report.paragraph(timing.name() + ": " + timing.peer().description() + "."));
        result.absent().forEach((peer, reason) -> report.paragraph(peer + ": " + reason + "."));
        report.paragraph(
                "The loss is the last step's, on the one batch that a network sees. The parameters are counted with the"
                        + " running statistics; the zoo's convolutions have biases.");
    }

    @Override
    public String summary() {
        StringBuilder lines = new StringBuilder(title + ", ms\n" + TextTable.of(1, HEADER, cells()));
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
                        name,
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
