package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Beside each layer's name a dot for each of its cases, at its largest error, in the colour of its layout. */
final class GradcheckPlot {
    /** What the scale shows; an error outside is drawn at its edge. */
    private static final double LEAST = 1e-12;

    private static final double MOST = 1;

    /** How far apart the layouts are beside a layer's name. */
    private static final double SPREAD = 0.6;

    private static final int LAYER_HEIGHT = 36;
    private static final int FRAME_HEIGHT = 150;
    private static final int LIMIT_COLOR = 6;

    private GradcheckPlot() {}

    static XYChart of(List<Outcome> outcomes, double limit) {
        List<String> layers =
                outcomes.stream().map(o -> o.subject().layer()).distinct().toList();
        Map<String, List<Outcome>> layouts = new LinkedHashMap<>();
        outcomes.forEach(o ->
                layouts.computeIfAbsent(layout(o), key -> new ArrayList<>()).add(o));
        List<Series> series = new ArrayList<>();
        layouts.forEach((layout, cases) -> {
            double offset = SPREAD * ((series.size() + 0.5) / layouts.size() - 0.5);
            series.add(new Series(
                    layout,
                    cases.stream().mapToDouble(GradcheckPlot::logarithm).toArray(),
                    cases.stream()
                            .mapToDouble(o -> -layers.indexOf(o.subject().layer()) - offset)
                            .toArray(),
                    series.size(),
                    Series.Style.DOTS));
        });
        double bottom = 0.5 - layers.size();
        double[] atLimit = {Math.log10(limit), Math.log10(limit)};
        series.add(new Series("limit", atLimit, new double[] {bottom, 0.5}, LIMIT_COLOR, Series.Style.DASHED));
        XYChart chart = Plots.lines(
                "Largest relative error of each case", "", "", FRAME_HEIGHT + LAYER_HEIGHT * layers.size(), series);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        chart.getStyler().setYAxisMin(bottom).setYAxisMax(0.5).setYAxisTickMarkSpacingHint(LAYER_HEIGHT);
        chart.setCustomXAxisTickLabelsFormatter(x -> "1e" + Math.round(x));
        chart.setCustomYAxisTickLabelsFormatter(y -> name(layers, -Math.round(y)));
        return chart;
    }

    private static double logarithm(Outcome outcome) {
        return Math.log10(Math.min(Math.max(outcome.error(), LEAST), MOST));
    }

    private static String layout(Outcome outcome) {
        return outcome.subject().layout().replace(" masked", "");
    }

    /** Blank beside the layers; of another length each, as XChart draws no labels at all if two are the same. */
    private static String name(List<String> layers, long i) {
        return i >= 0 && i < layers.size() ? layers.get((int) i) : " ".repeat((int) Math.floorMod(i + 2, 100L));
    }
}
