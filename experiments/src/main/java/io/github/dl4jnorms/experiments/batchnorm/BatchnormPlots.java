package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Sample;
import io.github.dl4jnorms.experiments.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** The experiment's plots. */
final class BatchnormPlots {
    private static final int ORANGE = 0;
    private static final int BLUE = 1;
    private static final int GREEN = 2;
    private static final int SKY = 5;
    private static final int GREY = 6;
    private static final int BINS = 40;

    /** Steps that can be told apart in a plot. */
    private static final int DRAWN = 400;

    private BatchnormPlots() {}

    /** The running variance of one channel: ours over PyTorch's, and DL4J's below. */
    static XYChart variances(Agreement agreement) {
        int channel = 2;
        double[] steps = IntStream.rangeClosed(1, agreement.torch().steps())
                .mapToDouble(i -> i)
                .toArray();
        return Plots.lines(
                "Running variance of a channel",
                "training step",
                "running variance",
                List.of(
                        new Series(
                                "PyTorch BatchNorm1d",
                                steps,
                                agreement.torch().channel("variance", channel),
                                ORANGE,
                                Series.Style.DOTS),
                        new Series(
                                "BatchNorm",
                                steps,
                                agreement.ours().channel("variance", channel),
                                BLUE,
                                Series.Style.THIN),
                        new Series(
                                "DL4J BatchNormalization",
                                steps,
                                agreement.dl4j().channel("variance", channel),
                                GREY,
                                Series.Style.DASHED)));
    }

    /** Mean and variance of one channel of each norm: of the batches, running, and of all training points. */
    static List<XYChart> statistics(Training training) {
        return List.of(
                statistics("First norm: mean", training.norm(0), Training.Point::mean),
                statistics("First norm: variance", training.norm(0), Training.Point::variance),
                statistics("Second norm: mean", training.norm(1), Training.Point::mean),
                statistics("Second norm: variance", training.norm(1), Training.Point::variance));
    }

    private static XYChart statistics(
            String title, List<Training.Statistics> all, ToDoubleFunction<Training.Point> statistic) {
        int every = every(all.size());
        List<Training.Statistics> steps = IntStream.range(0, all.size())
                .filter(i -> i % every == 0)
                .mapToObj(all::get)
                .toList();
        double[] x =
                IntStream.range(0, steps.size()).mapToDouble(i -> i * every + 1).toArray();
        return Plots.panel(
                title,
                "training step",
                "first channel",
                List.of(
                        series("batch", x, steps, s -> statistic.applyAsDouble(s.batch()), SKY, Series.Style.THIN),
                        series(
                                "running",
                                x,
                                steps,
                                s -> statistic.applyAsDouble(s.running()),
                                ORANGE,
                                Series.Style.THIN),
                        series(
                                "all points",
                                x,
                                steps,
                                s -> statistic.applyAsDouble(s.all()),
                                GREY,
                                Series.Style.DASHED)));
    }

    private static Series series(
            String name,
            double[] x,
            List<Training.Statistics> steps,
            ToDoubleFunction<Training.Statistics> value,
            int color,
            Series.Style style) {
        return new Series(name, x, steps.stream().mapToDouble(value).toArray(), color, style);
    }

    /** Each how many steps one is drawn. */
    static int every(int steps) {
        return Math.max(1, steps / DRAWN);
    }

    /** For each batch size, the probabilities that the two fixed points' own class got. */
    static List<XYChart> histograms(BatchnormResult result) {
        List<XYChart> panels = new ArrayList<>();
        for (int i = 0; i < result.settings().batchSizes().size(); i++) {
            panels.add(Plots.histogramPanel(
                    "Batch size " + result.settings().batchSizes().get(i),
                    "probability of its class",
                    0,
                    1,
                    BINS,
                    List.of(
                            sample("borderline point", result.borderline(), i, ORANGE),
                            sample("sure point", result.sure(), i, BLUE)),
                    List.of(
                            new Sample("", new double[] {result.borderline().evaluated()}, ORANGE),
                            new Sample("", new double[] {result.sure().evaluated()}, BLUE))));
        }
        return panels;
    }

    private static Sample sample(String name, FixedPoint point, int size, int color) {
        return new Sample(name, point.passes().get(size).probabilities(point.label()), color);
    }

    /** The share of flipped answers by batch size: of all test points and of the fixed ones. */
    static XYChart flips(BatchnormResult result) {
        double[] sizes = sizes(result);
        return Plots.linesLog2(
                "Answers that flip in training mode",
                "batch size",
                "% of the answers",
                List.of(
                        new Series("borderline point", sizes, flips(result.borderline()), ORANGE),
                        new Series("sure point", sizes, flips(result.sure()), BLUE),
                        new Series(
                                "all test points",
                                sizes,
                                result.mixed().stream()
                                        .mapToDouble(passes -> 100 * passes.flips())
                                        .toArray(),
                                GREEN)));
    }

    private static double[] flips(FixedPoint point) {
        return point.passes().stream()
                .mapToDouble(passes -> 100 * passes.flipped())
                .toArray();
    }

    /** Accuracy in training mode by batch size, beside evaluation mode's. */
    static XYChart accuracies(BatchnormResult result) {
        double[] sizes = sizes(result);
        double[] evaluation = IntStream.range(0, sizes.length)
                .mapToDouble(i -> 100 * result.accuracy())
                .toArray();
        return Plots.linesLog2(
                "Accuracy on the test points",
                "batch size",
                "% right",
                List.of(
                        new Series("evaluation mode", sizes, evaluation, GREY, Series.Style.DASHED),
                        new Series("mixed batches", sizes, accuracies(result.mixed()), GREEN),
                        new Series("batches of one class", sizes, accuracies(result.sorted()), ORANGE)));
    }

    private static double[] accuracies(List<TestPasses> passes) {
        return passes.stream().mapToDouble(p -> 100 * p.accuracy()).toArray();
    }

    private static double[] sizes(BatchnormResult result) {
        return result.settings().batchSizes().stream()
                .mapToDouble(Integer::doubleValue)
                .toArray();
    }
}
