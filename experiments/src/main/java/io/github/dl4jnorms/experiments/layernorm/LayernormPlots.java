package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Sample;
import io.github.dl4jnorms.experiments.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** The experiment's plots. */
final class LayernormPlots {
    private static final int GREEN = 2;
    private static final int GREY = 6;
    private static final int BINS = 60;

    /** Steps whose losses are averaged for a point of a curve. */
    private static final int SMOOTHED = 10;

    private LayernormPlots() {}

    /** How long each pass over the large tensor took. */
    static XYChart passes(LargeTensor large) {
        double[] all = Stream.of(large.fused().layerNorm(), large.fused().rmsNorm(), large.rowCopy(), large.memcpy())
                .flatMapToDouble(Arrays::stream)
                .sorted()
                .toArray();
        double low = all[0];
        double high = all[(int) (0.98 * (all.length - 1))]; // what the system did in between would press all flat
        return Plots.histogram(
                "Time of a pass",
                "milliseconds",
                low,
                high,
                BINS,
                List.of(
                        new Sample("LayerNorm", large.fused().layerNorm(), Norm.LAYER_NORM.color()),
                        new Sample("RMSNorm", large.fused().rmsNorm(), Norm.RMS_NORM.color()),
                        new Sample("copy by rows", large.rowCopy(), GREEN),
                        new Sample("memcpy", large.memcpy(), GREY)),
                List.of());
    }

    /** Time, bandwidth and speed-up over one axis. */
    static List<XYChart> sweep(String xLabel, List<Sweep.Point> points, ToIntFunction<Sweep.Point> size, double copy) {
        double[] x = points.stream().mapToDouble(p -> size.applyAsInt(p)).toArray();
        List<Series> times = new ArrayList<>();
        List<Series> bandwidths = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            times.add(new Series(
                    norm.toString(),
                    x,
                    values(points, p -> p.fused().quartiles(norm).median()),
                    norm.color()));
            bandwidths.add(new Series(norm.toString(), x, values(points, p -> p.bandwidth(norm)), norm.color()));
        }
        for (Norm norm : Norm.values()) {
            times.add(new Series(
                    norm + ", composed",
                    x,
                    values(points, p -> p.composed().quartiles(norm).median()),
                    norm.color(),
                    Series.Style.DASHED));
        }
        double[] copies = new double[x.length];
        Arrays.fill(copies, copy);
        bandwidths.add(new Series("copy of the large tensor", x, copies, GREEN, Series.Style.DASHED));
        List<Series> speedUps = List.of(
                new Series("fused", x, values(points, p -> p.fused().speedUp().median()), 3),
                new Series(
                        "composed",
                        x,
                        values(points, p -> p.composed().speedUp().median()),
                        4));
        return List.of(
                Plots.linesLog2("Time of a pass", xLabel, "milliseconds", times),
                Plots.linesLog2("Fused: read and written", xLabel, "GB/s", bandwidths),
                Plots.linesLog2("LayerNorm's time over RMSNorm's", xLabel, "ratio", speedUps));
    }

    private static double[] values(List<Sweep.Point> points, ToDoubleFunction<Sweep.Point> value) {
        return points.stream().mapToDouble(value).toArray();
    }

    /** Loss against steps, and against seconds. */
    static List<XYChart> losses(List<SequenceTraining.Curve> curves) {
        return List.of(
                losses("Loss against steps", "step", curves, curve -> steps(curve.losses().length)),
                losses("Loss against time", "seconds", curves, SequenceTraining.Curve::seconds));
    }

    private interface Axis {
        double[] of(SequenceTraining.Curve curve);
    }

    private static XYChart losses(String title, String xLabel, List<SequenceTraining.Curve> curves, Axis axis) {
        List<Series> series = new ArrayList<>();
        double end = 0;
        for (int i = 0; i < curves.size(); i++) {
            double[] x = axis.of(curves.get(i));
            end = Math.max(end, x[x.length - 1]);
            series.add(new Series(
                    curves.get(i).name(),
                    smoothed(x),
                    smoothed(curves.get(i).losses()),
                    i == 2 ? GREY : i,
                    Series.Style.THIN));
        }
        series.add(new Series(
                "entropy",
                new double[] {0, end},
                new double[] {Sums.entropy(), Sums.entropy()},
                GREEN,
                Series.Style.DASHED));
        return Plots.lines(title, xLabel, "nats for each character", series);
    }

    private static double[] steps(int count) {
        return IntStream.rangeClosed(1, count).mapToDouble(i -> i).toArray();
    }

    /** Means of consecutive values. */
    static double[] smoothed(double[] values) {
        int count = Math.max(1, values.length / SMOOTHED);
        int width = values.length / count;
        return IntStream.range(0, count)
                .mapToDouble(i -> DoubleStream.of(values)
                        .skip((long) i * width)
                        .limit(width)
                        .average()
                        .orElseThrow())
                .toArray();
    }
}
