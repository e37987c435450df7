package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What this report's charts have in common, over {@link Plots}. */
final class Charts {
    /** The colour of what is no network: a bound, or PyTorch. */
    static final int GREY = 6;

    private Charts() {}

    /** Without a mark at each of many points. */
    static XYChart smooth(XYChart chart) {
        chart.getSeriesCollection().forEach(series -> series.setMarker(SeriesMarkers.NONE));
        return chart;
    }

    /** A curve over the steps 0, 1, 2 and so on. */
    static Series curve(String name, double[] y, int color, Series.Style style) {
        return new Series(name, steps(y.length), y, color, style);
    }

    /** A dashed line at a height. */
    static Series level(String name, double height, double from, double to) {
        return new Series(name, new double[] {from, to}, new double[] {height, height}, GREY, Series.Style.DASHED);
    }

    /** How many values lie in each of many intervals, as an outline. */
    static Series histogram(String name, double[] values, double high, int bins, int color) {
        double[] counts = new double[bins];
        for (double value : values) {
            counts[Math.min(bins - 1, (int) (value / high * bins))]++;
        }
        double[] x = new double[2 * bins + 2];
        double[] y = new double[2 * bins + 2];
        for (int i = 0; i < bins; i++) {
            x[2 * i + 1] = i * high / bins;
            x[2 * i + 2] = (i + 1) * high / bins;
            y[2 * i + 1] = counts[i];
            y[2 * i + 2] = counts[i];
        }
        x[2 * bins + 1] = high;
        return new Series(name, x, y, color);
    }

    /** Lines that are filled down to 0, but for dashed ones. */
    static XYChart filled(XYChart chart, List<Series> series) {
        List<XYSeries> drawn = List.copyOf(chart.getSeriesCollection());
        IntStream.range(0, drawn.size())
                .filter(i -> series.get(i).style() == Series.Style.SOLID)
                .forEach(i -> {
                    Color color = Plots.color(series.get(i).color());
                    drawn.get(i).setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
                    drawn.get(i).setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 70));
                });
        return smooth(chart);
    }

    static double most(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static double[] steps(int count) {
        return IntStream.range(0, count).asDoubleStream().toArray();
    }
}
