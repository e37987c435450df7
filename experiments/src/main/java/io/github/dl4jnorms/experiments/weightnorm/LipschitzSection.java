package io.github.dl4jnorms.experiments.weightnorm;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Sample;
import io.github.dl4jnorms.experiments.report.Section;
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
        return List.of(
                new Claim(
                        text(
                                "Bounded: of %,d random pairs, near and far, none is pulled apart by more than ∏σᵢ",
                                pairs.size()),
                        bounded.pairsAbove(bounded.bound()) == 0,
                        text(
                                "largest ratio %.4f, ∏σᵢ = %.6f; asserted: none above it; there are %d",
                                Charts.most(bounded.ratios()), bounded.bound(), bounded.pairsAbove(bounded.bound()))),
                new Claim(
                        text("An adversarial search comes close to the bound: at least %.0f %% of it", 100 * CLOSE),
                        bounded.found() >= CLOSE * bounded.bound(),
                        text("found %.6f, %.2f %% of ∏σᵢ", bounded.found(), 100 * bounded.found() / bounded.bound())),
                new Claim(
                        "The search never passes the bound",
                        bounded.most() <= bounded.bound(),
                        text(
                                "the largest of %,d ratios on its way is %.6f, below ∏σᵢ by %.1e; asserted: at most ∏σᵢ",
                                searched(), bounded.most(), bounded.bound() - bounded.most())),
                new Claim(
                        "The same network without spectral norm breaks 1, on random pairs already",
                        plain.pairsAbove(1) > 0,
                        text(
                                "%d of %,d pairs above 1, the largest %.3f; the search finds %.3f",
                                plain.pairsAbove(1), pairs.size(), Charts.most(plain.ratios()), plain.found())),
                new Claim(
                        "With one power iteration a step the network is not 1-Lipschitz: the search finds a pair",
                        iterated.found() > 1,
                        text("found %.4f, where ∏σᵢ is %.4f", iterated.found(), iterated.bound())),
                new Claim(
                        "Activations count: with GELU, whose slope goes up to 1.13, the bounded weights break 1",
                        steep.found() > 1,
                        text("found %.4f, where ∏σᵢ is %.4f", steep.found(), steep.bound())));
    }

    /** Ratios that the search looked at; the starts are as many as the search of each network had. */
    private long searched() {
        return (long) bounded.search().starts() * bounded.search().largest().length;
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(
                        "From each layer to the whole network: a layer x ↦ w x + b pulls two inputs apart by at most σ(w), and"
                                + " ReLU pulls nothing apart, as its slope is at most 1. One after another, they multiply.")
                .formula("""
                        ‖f(x) − f(y)‖ ≤ ∏σᵢ · ‖x − y‖        if |a(s) − a(t)| ≤ |s − t| for every activation a

                        slope at most 1:       ReLU, leaky ReLU, tanh, softplus
                        steeper in places:     GELU 1.13,  Swish 1.10,  SELU 1.76        which each layer may multiply in""")
                .paragraph(text(
                        "The trained networks of the section before, on %,d random pairs: half of them near, at distances"
                                + " from 1e-6 to 0.1, half independent. Then a search for the worst pair: gradient"
                                + " ascent by Adam on log ‖f(x) − f(y)‖ / ‖x − y‖, by x and y, through the network's input"
                                + " gradients, from %d pairs at once, which stay at least 1e-3 apart so that rounding has no"
                                + " say.",
                        pairs.size(), bounded.search().starts()))
                .claims(claims())
                .figure(
                        "The random pairs. Left, with the norm, nothing may be right of the dashed line. How far from it they stay"
                                + " says little: random pairs are not the worst ones. Right, without the norm.",
                        histograms(out))
                .figure(
                        "The largest ratio that the search has found, by its steps. Only the bounded network has to stay below 1,"
                                + " the dashed line: neither the one that was trained with one iteration a step nor the bounded"
                                + " one with GELU in ReLU's place has to.",
                        searches(out))
                .table(
                        "Of the random pairs: the median and the largest ratio, and how many are above 1. Of the search:"
                                + " what it found, and how much of the bound that is.",
                        header(),
                        tests().map(this::row).toList());
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
        double high = Math.max(1.1, Charts.most(test.ratios()) * 1.05);
        return Plots.histogramPanel(
                test.network(),
                "‖f(x) − f(y)‖ / ‖x − y‖",
                0,
                high,
                BINS,
                List.of(
                        new Sample("near pairs", ratios(test, true), 1),
                        new Sample("far pairs", ratios(test, false), 3)),
                List.of(new Sample("1", new double[] {1}, Charts.GREY)));
    }

    private double[] ratios(LipschitzTest test, boolean near) {
        return IntStream.range(0, pairs.size())
                .filter(i -> pairs.near(i) == near)
                .mapToDouble(i -> test.ratios()[i])
                .toArray();
    }

    private Path searches(Path out) throws IOException {
        XYChart all = search("Adversarial search", tests());
        XYChart close = search("The same without the first, near 1", Stream.of(iterated, bounded, steep));
        Path png = out.resolve("lipschitz_search.png");
        Plots.saveGrid(List.of(all, close), 2, png);
        return png;
    }

    private XYChart search(String title, Stream<LipschitzTest> tests) {
        List<Series> series = new ArrayList<>();
        tests.forEach(test ->
                series.add(Charts.curve(shortName(test), test.search().largest(), test.color(), Series.Style.THIN)));
        series.add(Charts.level("1", 1, 0, bounded.search().largest().length - 1));
        return Charts.explained(Plots.panel(title, "step of the search", "largest ratio so far", series), series);
    }

    private static String shortName(LipschitzTest test) {
        return test.network().replace("spectral norm, ", "").replace("bounded, GELU for ReLU", "GELU");
    }

    private static List<String> header() {
        return List.of("Network", "∏σᵢ", "Median", "Largest", "Above 1", "Search", "Of ∏σᵢ");
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
                text("%.4f", test.found()),
                text("%.1f %%", 100 * test.found() / test.bound()));
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
        CsvFile.write(
                out.resolve("lipschitz.csv"),
                List.of("kind", "distance", "none", "one_iteration", "bounded", "bounded_gelu"),
                rows);
    }
}
