package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.Work.Direction;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Rooflines: gigabytes a second over the size of x. Above, all norms of ours; below, LayerNorm and GroupNorm beside the peers. */
final class KernelPlots {
    private static final double MEBIBYTE = 1 << 20;
    private static final int MEMCPY_COLOR = 6;

    private final KernelTimes times;

    private KernelPlots(KernelTimes times) {
        this.times = times;
    }

    static void save(KernelTimes times, Path png) throws IOException {
        Plots.saveGrid(new KernelPlots(times).charts(), 2, png);
    }

    private List<XYChart> charts() {
        List<XYChart> charts = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            List<Series> series = new ArrayList<>();
            for (Norm norm : Norm.values()) {
                add(series, norm.title(), KernelBench.OURS, norm, direction, norm.ordinal());
            }
            charts.add(chart("Ours, " + direction, series));
        }
        for (Norm norm : List.of(Norm.LAYER, Norm.GROUP)) {
            for (Direction direction : Direction.values()) {
                List<Series> series = new ArrayList<>();
                List<String> peers = List.of(
                        KernelBench.OURS,
                        KernelBench.TORCH,
                        KernelBench.DJL,
                        norm == Norm.LAYER ? KernelBench.ND4J : KernelBench.COMPOSED,
                        KernelBench.SCALAR);
                for (int i = 0; i < peers.size(); i++) {
                    add(series, peers.get(i), peers.get(i), norm, direction, i);
                }
                if (!series.isEmpty()) {
                    charts.add(chart(norm.title() + ", " + direction, series));
                }
            }
        }
        return charts;
    }

    private XYChart chart(String title, List<Series> series) {
        List<Series> all = new ArrayList<>(series);
        List<Work> copied = times.works().stream()
                .filter(work -> times.time(KernelBench.MEMCPY, work).isPresent())
                .toList();
        points("memcpy", copied, work -> times.gigabytesPerSecond(KernelBench.MEMCPY, work))
                .ifPresent(all::add);
        XYChart chart = Plots.panelLog2(title, "size of x, MiB", "GB/s", all);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        return chart;
    }

    private void add(List<Series> series, String name, String peer, Norm norm, Direction direction, int color) {
        points(
                        name,
                        times.works().stream()
                                .filter(work -> work.norm() == norm && work.direction() == direction)
                                .toList(),
                        work -> times.gigabytesPerSecond(peer, work))
                .map(s -> new Series(name, s.x(), s.y(), color))
                .ifPresent(series::add);
    }

    private static Optional<Series> points(String name, List<Work> works, Function<Work, Optional<Double>> y) {
        List<Work> measured = works.stream()
                .filter(work -> y.apply(work).isPresent())
                .sorted(Comparator.comparingLong(work -> work.shape().bytes()))
                .toList();
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Series(
                name,
                measured.stream()
                        .mapToDouble(work -> work.shape().bytes() / MEBIBYTE)
                        .toArray(),
                measured.stream()
                        .mapToDouble(work -> y.apply(work).orElseThrow())
                        .toArray(),
                MEMCPY_COLOR,
                Series.Style.DASHED));
    }
}
