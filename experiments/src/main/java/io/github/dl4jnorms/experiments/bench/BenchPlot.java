package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A box plot: over each peer's name its steps as dots, and a thick line from the first to the third quartile. */
final class BenchPlot {
    private static final float THICK = 16;
    private static final float THIN = 1;

    private BenchPlot() {}

    static XYChart of(String title, String yLabel, List<Timing> timings) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < timings.size(); i++) {
            Timing timing = timings.get(i);
            double[] sorted = timing.milliseconds().clone();
            Arrays.sort(sorted);
            series.add(column(timing.peer(), i, sorted));
            series.add(column(timing.peer() + ", quartiles", i, new double[] {timing.q1(), timing.q3()}));
        }
        XYChart chart = Plots.lines(title, "", yLabel, series);
        chart.getStyler().setLegendVisible(false);
        chart.setCustomXAxisTickLabelsFormatter(x -> name(timings, x));
        if (!chart.getStyler().isYAxisLogarithmic()) {
            chart.getStyler().setYAxisMin(0.0); // so that heights compare like the times
        }
        boolean dots = true;
        for (XYSeries line : chart.getSeriesCollection()) {
            line.setLineStyle(new BasicStroke(dots ? THIN : THICK, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
            if (!dots) {
                line.setMarker(SeriesMarkers.NONE);
            }
            dots = !dots;
        }
        return chart;
    }

    private static Series column(String name, int i, double[] y) {
        double[] x = new double[y.length];
        Arrays.fill(x, i);
        return new Series(name, x, y, i);
    }

    private static String name(List<Timing> timings, double x) {
        long i = Math.round(x);
        boolean peer = Math.abs(x - i) < 1e-6 && i >= 0 && i < timings.size();
        return peer ? timings.get((int) i).peer() : " ";
    }
}
