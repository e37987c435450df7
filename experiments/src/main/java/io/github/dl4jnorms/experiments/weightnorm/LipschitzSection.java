package io.github.dl4jnorms.experiments.weightnorm;

import static io.github.dl4jnorms.experiments.weightnorm.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/**
 * The Lipschitz constant of the networks of {@link SpectralSection}.
 *
 * @param steep the bounded network's weights with an activation that is steeper than 1 in places
 */
record LipschitzSection(
        Pairs pairs, LipschitzTest bounded, LipschitzTest iterated, LipschitzTest plain, LipschitzTest steep)
        implements Section {
    /** The share of the bound from which on the search came close to it. */
    static final double CLOSE = 0.9;

    private static final int BINS = 50;

    @Override
    public String title() {
        return "The Lipschitz constant of the network";
    }

    @Override
    public List<Claim> claims() {
        double found = bounded.search().found();
        return List.of(
                new Claim(
                        text(
                                "Bounded: of %,d random pairs, near and far, none is pulled apart by more than ∏σᵢ",
                                pairs.size()),
                        bounded.pairsAbove(bounded.bound()) == 0,
                        text(
                                "largest ratio %.4f, ∏σᵢ = %.6f, pairs above it: %d",
                                Charts.most(bounded.ratios()), bounded.bound(), bounded.pairsAbove(bounded.bound()))),
                new Claim(
                        text("An adversarial search comes close to the bound: at least %.0f%% of it", 100 * CLOSE),
                        found >= CLOSE * bounded.bound(),
                        text("found %.6f, %.2f%% of ∏σᵢ", found, 100 * found / bounded.bound())),
                new Claim(
                        "and never passes it",
                        found <= bounded.bound(),
                        text(
                                "the largest of %,d ratios on the way is %.6f, below %.6f by %.1e",
                                searched(), found, bounded.bound(), bounded.bound() - found)),
                new Claim(
                        "The same network without spectral norm breaks 1, on random pairs already",
                        plain.pairsAbove(1) > 0,
                        text(
                                "%d of %,d pairs above 1, the largest %.3f; the search finds %.3f",
                                plain.pairsAbove(1),
                                pairs.size(),
                                Charts.most(plain.ratios()),
                                plain.search().found())),
                new Claim(
                        "Activations count: with GELU, whose slope goes up to 1.13, the bounded weights break 1",
                        steep.search().found() > steep.bound(),
                        text(
                                "the search finds %.4f, where ∏σᵢ is %.6f",
                                steep.search().found(), steep.bound())));
    }

    /** Ratios that the search looked at; the starts are as many as the search of each network had. */
    private long searched() {
        return (long) bounded.search().starts() * bounded.search().largest().length;
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(
                        "A layer x ↦ w x + b pulls two inputs apart by at most σ(w), the bias cancels, and ReLU pulls nothing"
                                + " apart: |ReLU(a) − ReLU(b)| ≤ |a − b|. One after another they multiply:"
                                + " ‖f(x) − f(y)‖ ≤ ∏σᵢ · ‖x − y‖. With every σᵢ at 1 the whole network is 1-Lipschitz. This"
                                + " takes activations of slope at most 1, as ReLU, leaky ReLU, tanh. GELU and Swish reach 1.13 and 1.10,"
                                + " SELU 1.76, and each layer of them may multiply that in.")
                .paragraph(text(
                        "The trained networks of the section before, on %,d random pairs: half of them near, at distances"
                                + " from 1e-6 to 0.1, half independent. Then a search for the worst pair: gradient"
                                + " ascent by Adam on log ‖f(x) − f(y)‖ / ‖x − y‖, by x and y, through the network's input"
                                + " gradients, from %d pairs at once, which stay at least 1e-3 apart so that rounding has no"
                                + " say.",
                        pairs.size(), bounded.search().starts()))
                .claims(claims())
                .figure(
                        "‖f(x) − f(y)‖ / ‖x − y‖ of the random pairs. Nothing is right of the dashed line where the norm is; the"
                                + " random pairs are far from the worst.",
                        histograms(out))
                .figure(
                        "The largest ratio that the search has found, by its steps. The bounded network comes up to 1 and"
                                + " stops there.",
                        searches(out))
                .table("Ratios", header(), tests().map(this::row).toList());
        csv(out);
    }

    private Stream<LipschitzTest> tests() {
        return Stream.of(plain, iterated, bounded, steep);
    }

    private Path histograms(Path out) throws IOException {
        List<XYChart> panels = Stream.of(bounded, plain).map(this::histogram).toList();
        Path png = out.resolve("lipschitz.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    private XYChart histogram(LipschitzTest test) {
        double high = Math.max(1.1, Charts.most(test.ratios()) * 1.1);
        List<Series> series = new ArrayList<>();
        series.add(Charts.histogram("near pairs", ratios(test, true), high, BINS, 1));
        series.add(Charts.histogram("far pairs", ratios(test, false), high, BINS, 3));
        double top = series.stream().mapToDouble(s -> Charts.most(s.y())).max().orElseThrow();
        series.add(new Series("1", new double[] {1, 1}, new double[] {0, top}, Charts.GREY, Series.Style.DASHED));
        XYChart chart = Plots.panel(test.network(), "‖f(x) − f(y)‖ / ‖x − y‖", "pairs", series);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(high);
        return Charts.filled(chart, series);
    }

    private double[] ratios(LipschitzTest test, boolean near) {
        return IntStream.range(0, pairs.size())
                .filter(i -> pairs.near(i) == near)
                .mapToDouble(i -> test.ratios()[i])
                .toArray();
    }

    private Path searches(Path out) throws IOException {
        List<Series> series = new ArrayList<>();
        tests().forEach(test ->
                series.add(Charts.curve(test.network(), test.search().largest(), test.color(), Series.Style.SOLID)));
        series.add(Charts.level("1", 1, 0, bounded.search().largest().length - 1));
        Path png = out.resolve("lipschitz_search.png");
        Plots.save(
                Charts.smooth(Plots.lines("Adversarial search", "step of the search", "largest ratio so far", series)),
                png);
        return png;
    }

    private static List<String> header() {
        return List.of(
                "Network", "∏σᵢ", "Median of pairs", "Largest of pairs", "Pairs above 1", "Search", "Share of ∏σᵢ");
    }

    private List<String> row(LipschitzTest test) {
        double[] sorted = test.ratios().clone();
        Arrays.sort(sorted);
        return List.of(
                test.network(),
                text("%.4f", test.bound()),
                text("%.4f", sorted[sorted.length / 2]),
                text("%.4f", sorted[sorted.length - 1]),
                Long.toString(test.pairsAbove(1)),
                text("%.4f", test.search().found()),
                text("%.1f %%", 100 * test.search().found() / test.bound()));
    }

    private void csv(Path out) throws IOException {
        double[] distances = pairs.distances();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            rows.add(List.of(
                    pairs.near(i) ? "near" : "far",
                    distances[i],
                    plain.ratios()[i],
                    iterated.ratios()[i],
                    bounded.ratios()[i],
                    steep.ratios()[i]));
        }
        Csv.write(
                out.resolve("lipschitz.csv"),
                List.of("kind", "distance", "none", "one_iteration", "bounded", "bounded_gelu"),
                rows);
    }
}
