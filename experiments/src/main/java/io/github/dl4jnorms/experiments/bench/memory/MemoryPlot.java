package io.github.dl4jnorms.experiments.bench.memory;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines without their many dots, from 0, so that a height is a size. */
final class MemoryPlot {
    private static final int TICK_PIXELS = 70;

    private MemoryPlot() {}

    static XYChart of(String title, List<Series> series) {
        XYChart chart = Plots.panel(title, "step", "MiB", series);
        chart.getSeriesCollection().forEach(line -> line.setMarker(SeriesMarkers.NONE));
        chart.getStyler()
                .setXAxisTickMarkSpacingHint(TICK_PIXELS)
                .setXAxisMin(0.0)
                .setYAxisMin(0.0);
        return chart;
    }
}
