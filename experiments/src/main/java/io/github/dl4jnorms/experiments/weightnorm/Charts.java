package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.report.Series;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** What this report's charts have in common. */
final class Charts {
    /** The colour of what is no network: a bound, or PyTorch. */
    static final int GREY = 6;

    private Charts() {}

    /** A curve over the steps 0, 1, 2 and so on. */
    static Series curve(String name, double[] y, int color, Series.Style style) {
        return new Series(name, steps(y.length), y, color, style);
    }

    /** A dashed line at a height. */
    static Series level(String name, double height, double from, double to) {
        return new Series(name, new double[] {from, to}, new double[] {height, height}, GREY, Series.Style.DASHED);
    }

    /** Dashed lines, which the caption explains, are not in the legend. */
    static XYChart explained(XYChart chart, List<Series> series) {
        List<XYSeries> drawn = List.copyOf(chart.getSeriesCollection());
        for (int i = 0; i < drawn.size(); i++) {
            drawn.get(i).setShowInLegend(series.get(i).style() != Series.Style.DASHED);
        }
        return chart;
    }

    static double most(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static double[] steps(int count) {
        return IntStream.range(0, count).asDoubleStream().toArray();
    }
}
