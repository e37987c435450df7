package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.datasets.synthetic.Spirals;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Quartiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** The page, the pictures and the tables of {@code ./norms batchnorm}. */
final class BatchnormReport {
    private final Path out;
    private final BatchnormResult result;
    private final BatchnormSettings settings;

    BatchnormReport(Path out, BatchnormResult result) {
        this.out = out;
        this.result = result;
        this.settings = result.settings();
    }

    /** Writes the tables, the pictures and {@code report.html}, and returns the last one's path. */
    Path write(List<Claim> claims, Provenance provenance) throws IOException {
        tables();
        HtmlReport report = new HtmlReport(
                "BatchNorm and its eval-mode bug",
                "What batch normalization computes, that ours is PyTorch's to the last digits, and what happens to a"
                        + " trained network whose user forgets to leave training mode: the answer to one example then"
                        + " depends on whoever shares its batch.");
        report.heading("Claims").claims(claims);
        theNorm(report);
        agreement(report);
        statistics(report);
        theBug(report);
        accuracy(report);
        batchOfOne(report);
        report.heading("Settings")
                .table("What was trained and how often it was asked", List.of("", ""), settingsRows());
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    private void theNorm(HtmlReport report) {
        report.heading("What BatchNorm does")
                .paragraph(
                        "For each channel it takes away the mean and divides by the standard deviation, then scales by"
                                + " γ and shifts by β, which are learned. In training, mean and variance are those of the batch,"
                                + " and running averages of them are kept. In evaluation the running averages take their place:"
                                + " only then is the output a function of the input alone.")
                .formula("""
                        training     mean = Σ x / n          variance = Σ (x − mean)² / n          over the batch
                                     y = γ (x − mean) / √(variance + ε) + β
                                     running mean     ← 0.9 · running mean     + 0.1 · mean
                                     running variance ← 0.9 · running variance + 0.1 · variance · n / (n − 1)
                        evaluation   y = γ (x − running mean) / √(running variance + ε) + β
                        gradient     dx = γ (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε),   x̂ = (x − mean) / √(variance + ε)
                                     dγ = Σ g x̂,   dβ = Σ g                                  in training""")
                .paper(
                        "Ioffe and Szegedy, 2015. Batch Normalization: Accelerating Deep Network Training by Reducing"
                                + " Internal Covariate Shift.",
                        "https://arxiv.org/abs/1502.03167");
    }

    private void agreement(HtmlReport report) throws IOException {
        Trace torch = result.agreement().torch();
        report.heading("The same as PyTorch's and DL4J's")
                .paragraph(format(
                        "One layer of %d channels, batches of %d examples whose mean and scale drift, half the squared"
                                + " distance to random targets as loss, gradient descent on γ and β: %d training steps,"
                                + " then one evaluation. PyTorch's numbers were made once, in double precision, by"
                                + " make_batchnorm_fixture.py and lie beside the program.",
                        torch.arrays().get("x").size(2), torch.arrays().get("x").size(1), torch.steps()))
                .table(
                        "Largest absolute difference over all steps",
                        List.of(
                                "Quantity",
                                "BatchNorm − PyTorch",
                                "in float",
                                "unbiased(false) − DL4J",
                                "DL4J − PyTorch"),
                        agreementRows())
                .paragraph(
                        "The last column is no rounding error. DL4J's running variance follows the biased variance of"
                                + " the batch, which divides by n, PyTorch's the unbiased one, which divides by n − 1; so networks"
                                + " trained with small batches evaluate differently. Our BatchNorm has PyTorch's by default, and"
                                + " DL4J's with unbiased(false). Training normalizes by the biased one everywhere. DL4J's gradient"
                                + " takes the batch's statistics in evaluation too, hence the dashes.")
                .figure(
                        "Dots, line and dashes show the same channel. Ours runs through PyTorch's dots.",
                        save("running_variance.png", BatchnormPlots.variances(result.agreement())));
    }

    private void statistics(HtmlReport report) throws IOException {
        report.heading("Running statistics against batch statistics")
                .paragraph(format(
                        "A classifier of points on three spiral arms, two hidden layers of %d units with BatchNorm, is"
                                + " trained on %d points in batches of %d. What flows into a norm has another mean and"
                                + " another variance in each batch. The running averages start at 0 and 1, forget that start"
                                + " within some fifty steps (0.9⁵⁰ = 0.005), and then follow what all training points together"
                                + " have, which moves as the weights below learn.",
                        settings.hidden(), settings.train(), settings.batchSize()))
                .figure(
                        format(
                                "A step's batch, the running average after it, and all training points by the same weights;"
                                        + " one step in %d is drawn.",
                                BatchnormPlots.every(result.training().steps().size())),
                        grid("statistics.png", BatchnormPlots.statistics(result.training())))
                .paragraph(format(
                        "An average with decay 0.9 over independent batches strays √(0.1 / 1.9) = %.2f times as far as a batch"
                                + " does. That is so where the weights below hardly move: measured %.2f at the first norm. The"
                                + " second norm's inputs move while the network learns, and an average lags behind: %.2f there."
                                + " A decay nearer to 1 averages better and lags more.",
                        BatchnormClaims.STANDING_STILL,
                        result.training().runningErrorOverBatchError(0),
                        result.training().runningErrorOverBatchError(1)));
    }

    private void theBug(HtmlReport report) throws IOException {
        report.heading("The eval-mode bug")
                .formula("""
                        network.output(x);         // evaluation mode: right
                        network.output(x, true);   // training mode: x is normalized by whoever is in the batch""")
                .paragraph(format(
                        "The trained classifier is right about %.1f%% of %d test points in evaluation mode. Two of them"
                                + " are now passed %d times at each batch size, each time with other companions: a"
                                + " borderline point, whose class gets a probability of %.2f in evaluation mode, and a sure"
                                + " one, with the median probability of %.3f. At batch size 2 the norm leaves of two values"
                                + " only which one is larger, +1 and −1, whatever they are: hence the few tall bars there.",
                        100 * result.accuracy(),
                        settings.test(),
                        settings.passes(),
                        result.borderline().evaluated(),
                        result.sure().evaluated()))
                .figure(
                        "The probability of the point's own class in " + settings.passes()
                                + " passes in training mode. Dashed: in evaluation mode, in every pass.",
                        grid("histograms.png", BatchnormPlots.histograms(result)))
                .table(
                        settings.passes()
                                + " passes in training mode; different answers, to the last bit, in training and evaluation mode",
                        List.of(
                                "Point",
                                "Batch size",
                                "Probability, quartiles",
                                "Lowest, highest",
                                "Another class",
                                "Different answers"),
                        pointRows())
                .figure(
                        "Answers in training mode that name another class than evaluation mode does.",
                        save("flips.png", BatchnormPlots.flips(result)));
        Path png = out.resolve("flip_map.png");
        TestPasses shown = result.mixed().stream()
                .filter(passes -> passes.batchSize() == BatchnormSettings.MAP_BATCH_SIZE)
                .findFirst()
                .orElseGet(() -> result.mixed().get(0));
        Plots.savePng(FlipMap.draw(result.training().network(), result.test().getFeatures(), shown.flipped()), png);
        report.figure(
                format(
                        "Every test point at batch size %d, %d passes with other companions each: the darker, the more of"
                                + " its answers flip. Most lie along the boundaries, where a small change is enough.",
                        shown.batchSize(), settings.testPasses()),
                png);
    }

    private void accuracy(HtmlReport report) throws IOException {
        report.heading("What forgetting evaluation mode costs")
                .figure(
                        "Evaluation mode gives one number. In training mode, what a point gets depends on its batch: mixed"
                                + " at random, or of its own class only.",
                        save("accuracy.png", BatchnormPlots.accuracies(result)))
                .table(
                        format("Accuracy in %d passes over the %d test points", settings.testPasses(), settings.test()),
                        List.of(
                                "Batch size",
                                "Mixed batches",
                                "Worst pass",
                                "Batches of one class",
                                "Flipped, mixed",
                                "Flipped, one class"),
                        accuracyRows())
                .paragraph("With large mixed batches the bug hardly shows: their statistics are nearly those of the"
                        + " training data, and a test on shuffled data finds nothing. It shows where a service gets its"
                        + " examples one by one, or where data lie sorted by class: then the norm takes away the very"
                        + " thing that tells the classes apart.")
                .paragraph(
                        "The cure is network.output(x), which is evaluation mode. A norm that does not look at the batch, as"
                                + " GroupNorm and LayerNorm, has no modes to confuse, and BatchNorm with frozen(true) has only one.")
                .paragraph(
                        "In PyTorch the same mistake does lasting damage, as each forward pass in training mode moves the"
                                + " running statistics. Ours move in the backward pass, so that only training changes them.");
    }

    private void batchOfOne(HtmlReport report) {
        BatchOfOne one = result.one();
        report.heading("A batch of one")
                .paragraph("A single value is its own mean, and its variance is 0. In training mode the norm would take"
                        + " everything away, and β, which knows nothing of the input, would be left:")
                .formula("mean = x,   variance = 0:        y = γ (x − x) / √(0 + ε) + β = β")
                .paragraph(
                        "So BatchNorm refuses, as PyTorch does (ValueError: Expected more than 1 value per channel when"
                                + " training). network.output(x, true) with one test point:")
                .formula(one.message() == null ? "(nothing was thrown)" : "IllegalArgumentException: " + one.message())
                .paragraph(format(
                        "DL4J's BatchNormalization has no such check. The same network with it, and with the same weights"
                                + " and statistics, gives the same answers in evaluation mode (largest difference %.0e)."
                                + " In training mode, one point at a time:",
                        one.agreement()))
                .table(
                        "The first four channels of the first norm, DL4J's BatchNormalization",
                        List.of("Point", "goes in", "comes out"),
                        oneRows(one))
                .paragraph(format(
                        "So every test point gets the same answer: of %d, %s are taken for arm 1, 2 and 3.",
                        settings.test(),
                        IntStream.of(one.answers()).mapToObj(String::valueOf).collect(Collectors.joining(", "))));
    }

    private List<List<String>> agreementRows() {
        return result.agreement().rows().stream()
                .map(row -> List.of(
                        row.quantity(),
                        small(row.oursToTorch()),
                        small(row.floatToTorch()),
                        small(row.oursToDl4j()),
                        small(row.dl4jToTorch())))
                .toList();
    }

    private List<List<String>> pointRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.addAll(pointRows("borderline", result.borderline()));
        rows.addAll(pointRows("sure", result.sure()));
        return rows;
    }

    private static List<List<String>> pointRows(String name, FixedPoint point) {
        return point.passes().stream()
                .map(passes -> {
                    double[] p = passes.probabilities(point.label());
                    Quartiles quartiles = Quartiles.of(p);
                    return List.of(
                            name,
                            Integer.toString(passes.batchSize()),
                            format("%.3f, %.3f, %.3f", quartiles.q1(), quartiles.median(), quartiles.q3()),
                            format(
                                    "%.3f, %.3f",
                                    DoubleStream.of(p).min().orElseThrow(),
                                    DoubleStream.of(p).max().orElseThrow()),
                            percent(passes.flipped()),
                            passes.differentInTraining() + " and " + passes.differentInEvaluation());
                })
                .toList();
    }

    private List<List<String>> accuracyRows() {
        return IntStream.range(0, result.mixed().size())
                .mapToObj(i -> {
                    TestPasses mixed = result.mixed().get(i);
                    TestPasses sorted = result.sorted().get(i);
                    return List.of(
                            Integer.toString(mixed.batchSize()),
                            percent(mixed.accuracy()),
                            percent(DoubleStream.of(mixed.accuracies()).min().orElseThrow()),
                            percent(sorted.accuracy()),
                            percent(mixed.flips()),
                            percent(sorted.flips()));
                })
                .toList();
    }

    private static List<List<String>> oneRows(BatchOfOne one) {
        List<List<String>> rows = one.examples().stream()
                .map(example -> List.of(first(example.point(), 2), first(example.in(), 4), first(example.out(), 4)))
                .collect(Collectors.toCollection(ArrayList::new));
        rows.add(List.of("β", "", first(one.beta(), 4)));
        return rows;
    }

    private static String first(float[] values, int count) {
        return IntStream.range(0, Math.min(count, values.length))
                .mapToObj(i -> format("%.4f", values[i]).replace('-', '−'))
                .collect(Collectors.joining(",  "));
    }

    private List<List<String>> settingsRows() {
        return List.of(
                List.of(
                        "Data",
                        format(
                                "%d training and %d test points of 3 spiral arms, the angle's noise %.1f; the best"
                                        + " classifier there is would be right about %.1f%% of such points",
                                settings.train(),
                                settings.test(),
                                settings.noise(),
                                100 * Spirals.bestAccuracy(BatchnormSettings.CLASSES, settings.noise()))),
                List.of(
                        "Network",
                        format(
                                "2 → %d → %d → 3, BatchNorm and ReLU after each hidden layer, softmax",
                                settings.hidden(), settings.hidden())),
                List.of(
                        "Training",
                        format(
                                "%d epochs, batch size %d, Adam with learning rate 0.01",
                                settings.epochs(), settings.batchSize())));
    }

    private void tables() throws IOException {
        CsvFile.write(
                out.resolve("agreement.csv"),
                List.of("quantity", "ours_torch", "ours_float_torch", "ours_biased_dl4j", "dl4j_torch"),
                result.agreement().rows().stream()
                        .map(row -> List.of(
                                row.quantity(),
                                row.oursToTorch(),
                                row.floatToTorch(),
                                row.oursToDl4j(),
                                row.dl4jToTorch()))
                        .toList());
        CsvFile.write(
                out.resolve("fixed_points.csv"),
                List.of(
                        "point",
                        "batch_size",
                        "pass",
                        "training_probability",
                        "training_class",
                        "evaluation_probability"),
                Stream.concat(passRows("borderline", result.borderline()), passRows("sure", result.sure()))
                        .toList());
        CsvFile.write(
                out.resolve("test_passes.csv"),
                List.of("companions", "batch_size", "pass", "accuracy"),
                Stream.concat(accuracyRows("mixed", result.mixed()), accuracyRows("one class", result.sorted()))
                        .toList());
        CsvFile.write(
                out.resolve("statistics.csv"),
                List.of(
                        "step",
                        "loss",
                        "norm",
                        "batch_mean",
                        "running_mean",
                        "all_mean",
                        "batch_variance",
                        "running_variance",
                        "all_variance"),
                IntStream.range(0, result.training().steps().size())
                        .boxed()
                        .flatMap(this::stepRows)
                        .toList());
    }

    private static Stream<List<Object>> passRows(String name, FixedPoint point) {
        return point.passes().stream()
                .flatMap(passes -> IntStream.range(0, passes.training().length)
                        .mapToObj(pass -> List.<Object>of(
                                name,
                                passes.batchSize(),
                                pass + 1,
                                passes.training()[pass][point.label()],
                                Companions.argMax(passes.training()[pass]) + 1,
                                passes.evaluation()[pass][point.label()])));
    }

    private static Stream<List<Object>> accuracyRows(String name, List<TestPasses> sizes) {
        return sizes.stream()
                .flatMap(passes -> IntStream.range(0, passes.accuracies().length)
                        .mapToObj(pass ->
                                List.<Object>of(name, passes.batchSize(), pass + 1, passes.accuracies()[pass])));
    }

    private Stream<List<Object>> stepRows(int step) {
        Training.Step s = result.training().steps().get(step);
        return IntStream.range(0, s.norms().size()).mapToObj(norm -> {
            Training.Statistics statistics = s.norms().get(norm);
            return List.<Object>of(
                    step + 1,
                    s.loss(),
                    norm + 1,
                    statistics.batch().mean(),
                    statistics.running().mean(),
                    statistics.all().mean(),
                    statistics.batch().variance(),
                    statistics.running().variance(),
                    statistics.all().variance());
        });
    }

    private Path save(String file, XYChart chart) throws IOException {
        return grid(file, List.of(chart));
    }

    private Path grid(String file, List<XYChart> panels) throws IOException {
        Path png = out.resolve(file);
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    private static String small(double difference) {
        return Double.isNaN(difference)
                ? "–"
                : difference == 0 ? "0" : format(difference < 0.01 ? "%.1e" : "%.3f", difference);
    }

    private static String percent(double share) {
        return format("%.1f%%", 100 * share);
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
