package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Samples;
import io.github.dl4jnorms.experiments.report.Series;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A box plot: over each peer's name its steps as dots, a thick line from the first to the third quartile, and the median as a
 * white dot.
 */
final class StepPlot {
    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke THICK = new BasicStroke(16, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

    private StepPlot() {}

    static XYChart of(String title, String yLabel, List<Timing> timings) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < timings.size(); i++) {
            Timing timing = timings.get(i);
            Samples samples = timing.milliseconds();
            series.add(column(timing.name(), i, samples.sorted()));
            series.add(column(timing.name() + " quartiles", i, samples.q1(), samples.q3()));
            series.add(column(timing.name() + " median", i, samples.median()));
        }
        XYChart chart = Plots.lines(title, "", yLabel, series);
        List<XYSeries> drawn = List.copyOf(chart.getSeriesCollection());
        for (int i = 0; i < drawn.size(); i += 3) {
            drawn.get(i).setLineStyle(THIN);
            drawn.get(i + 1).setMarker(SeriesMarkers.NONE);
            drawn.get(i + 1).setLineStyle(THICK);
            drawn.get(i + 2).setMarkerColor(Color.WHITE);
        }
        chart.getStyler().setLegendVisible(false);
        chart.setCustomXAxisTickLabelsFormatter(x -> name(timings, Math.round(x)));
        if (!chart.getStyler().isYAxisLogarithmic()) {
            chart.getStyler().setYAxisMin(0.0); // so that heights compare like the times
        }
        return chart;
    }

    private static Series column(String name, int i, double... y) {
        double[] x = new double[y.length];
        Arrays.fill(x, i);
        return new Series(name, x, y, i);
    }

    /** Blank beside the peers; of another length each, as XChart draws no labels at all if two are the same. */
    private static String name(List<Timing> timings, long i) {
        return i >= 0 && i < timings.size()
                ? timings.get((int) i).name()
                : " ".repeat((int) Math.floorMod(i + 2, 100L));
    }
}
