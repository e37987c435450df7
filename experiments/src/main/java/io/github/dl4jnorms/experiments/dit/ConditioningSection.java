package io.github.dl4jnorms.experiments.dit;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.experiments.report.Series;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** adaLN-Zero beside other ways to tell a transformer its condition. */
record ConditioningSection(List<Variant.Result> results, DitSettings settings) implements Section {
    @Override
    public String title() {
        return "adaLN-Zero, adaLN, in-context conditioning and none";
    }

    private Variant.Result of(Conditioning conditioning) {
        return results.stream()
                .filter(result -> result.variant().conditioning() == conditioning)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public List<Claim> claims() {
        Variant.Result zero = of(Conditioning.ADALN_ZERO);
        return List.of(
                new Claim(
                        "At start adaLN-Zero's activations are the same at every depth",
                        spread(zero.activations()) == 1,
                        "last block's output over first block's input, in root mean squares: "
                                + each(r -> text("%.3f", growth(r)))),
                new Claim(
                        "With every other conditioning they grow",
                        others().allMatch(r -> growth(r) > 1),
                        others().map(r -> name(r) + text(" %.3f", growth(r))).collect(Collectors.joining(", "))),
                new Claim(
                        "And the gradients differ more from depth to depth than adaLN-Zero's",
                        others().allMatch(r -> spread(r.gradients()) > spread(zero.gradients())),
                        "largest over smallest block's: " + each(r -> text("%.2f", spread(r.gradients())))),
                new Claim(
                        "adaLN-Zero ends with the lowest loss on held-out images",
                        others().allMatch(r -> zero.testLoss() < r.testLoss()),
                        each(r -> text("%.4f", r.testLoss()))),
                new Claim(
                        "Without a condition the loss is the highest",
                        results.stream()
                                .filter(r -> r.variant().conditioning() != Conditioning.NONE)
                                .allMatch(r ->
                                        r.testLoss() < of(Conditioning.NONE).testLoss()),
                        each(r -> text("%.4f", r.testLoss()))));
    }

    private Stream<Variant.Result> others() {
        return results.stream().filter(r -> r.variant().conditioning() != Conditioning.ADALN_ZERO);
    }

    private static double growth(Variant.Result result) {
        double[] sizes = result.activations();
        return sizes[sizes.length - 1] / sizes[0];
    }

    private String each(Function<Variant.Result, String> value) {
        return results.stream()
                .map(r -> Names.of(r.variant().conditioning()) + " " + value.apply(r))
                .collect(Collectors.joining(", "));
    }

    private static double spread(double[] values) {
        return Arrays.stream(values).max().orElseThrow()
                / Arrays.stream(values).min().orElseThrow();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        DitSettings.Size size = settings.compared();
        report.paragraph(text(
                        "Four transformers of %d blocks of dimension %d, %d heads, patches of %d × %d pixels, differ in how they"
                                + " learn of time and class: adaLN-Zero; adaLN, the same with a projection that starts at random;"
                                + " in context, as one more token beside the image's; and not at all, with norms that have a γ and"
                                + " a β of their own in the last two. Each is trained for %,d steps of flow matching on the same"
                                + " batches of %d, by Adam at rate %s.",
                        size.depth(),
                        size.dim(),
                        size.heads(),
                        size.patch(),
                        size.patch(),
                        settings.comparedSteps(),
                        settings.comparedBatch(),
                        Variant.LEARNING_RATE))
                .claims(claims())
                .paragraph(
                        "DiT's embeddings of time and class start small, with a standard deviation of 0.02. So adaLN's random"
                                + " projection makes small vectors of them, small gates among them: it starts close to the identity too, though"
                                + " not at it. The blocks of the last two have no gate, and each adds its branches in full.")
                .figure(
                        "First: training loss, averaged over some steps. Then: before training, for one batch, with a last"
                                + " layer that is not 0 (DiT's is, so that the first step's gradient ends there). The gradient is"
                                + " that of all of a block's parameters; adaLN-Zero's is that of its gates alone.",
                        plot(out))
                .table(
                        "After training: loss of the last fifth of the steps, and on held-out images",
                        List.of("Conditioning", "Parameters", "Training loss", "Held-out loss"),
                        results.stream()
                                .map(r -> List.of(
                                        Names.of(r.variant().conditioning()),
                                        text("%,d", r.parameters()),
                                        text("%.4f", r.finalLoss()),
                                        text("%.4f", r.testLoss())))
                                .toList())
                .paragraph(
                        "Losses of flow matching do not go to 0: the velocity x₁ − x₀ cannot be told from xₜ alone, as many"
                                + " images and noises lead through it. What counts is the difference.")
                .paragraph(beside());
        Curves.csv(
                out.resolve("conditioning_loss.csv"),
                results,
                variant -> variant.conditioning().name().toLowerCase(Locale.ROOT));
        List<List<Object>> rows = new ArrayList<>();
        for (Variant.Result r : results) {
            for (int depth = 0; depth < r.activations().length; depth++) {
                rows.add(List.of(
                        r.variant().conditioning(),
                        depth,
                        r.activations()[depth],
                        depth == 0 ? "" : r.gradients()[depth - 1]));
            }
        }
        CsvFile.write(
                out.resolve("conditioning_depth.csv"),
                List.of("conditioning", "depth", "activation", "gradient"),
                rows);
    }

    /** The losses beside the paper's, and where the expected order fails, why. */
    private String beside() {
        double zero = of(Conditioning.ADALN_ZERO).testLoss();
        double inContext = of(Conditioning.IN_CONTEXT).testLoss();
        double none = of(Conditioning.NONE).testLoss();
        return text(
                        "The paper found adaLN-Zero ahead of adaLN, and adaLN ahead of in-context conditioning, after 400,000 steps"
                                + " of large networks. Here, after %,d of a small one, the held-out losses of adaLN, in context and"
                                + " none are %.3f, %.3f and %.3f times adaLN-Zero's.",
                        settings.comparedSteps(),
                        of(Conditioning.ADALN).testLoss() / zero,
                        inContext / zero,
                        none / zero)
                + (of(Conditioning.ADALN).testLoss() <= zero
                        ? " adaLN is not behind: its start is so close to the identity that there is little between the two."
                        : "")
                + (none <= inContext
                        ? " In context is not ahead of none: so early it matters more that a block starts as (nearly) the identity"
                                + " than what it is told. The noise in an image tells its time anyway, and the one token that tells"
                                + " the class must first be found by attention."
                        : "");
    }

    private Path plot(Path out) throws IOException {
        List<XYChart> panels = List.of(
                Plots.panel("Training loss", "step", "loss", series((r, i) -> Curves.smooth(name(r), r.losses(), i))),
                Plots.panel("Gradients at start", "block", "length", series((r, i) -> byDepth(r, r.gradients(), 1, i))),
                Plots.panel(
                        "Activations at start",
                        "after block",
                        "root mean square",
                        series((r, i) -> byDepth(r, r.activations(), 0, i))));
        Path png = out.resolve("conditioning.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    /** Makes a series of a result and its place among them. */
    @FunctionalInterface
    private interface ToSeries {
        Series of(Variant.Result result, int index);
    }

    private List<Series> series(ToSeries toSeries) {
        return IntStream.range(0, results.size())
                .mapToObj(i -> toSeries.of(results.get(i), i))
                .toList();
    }

    private static Series byDepth(Variant.Result result, double[] values, int first, int color) {
        double[] depths =
                IntStream.range(first, first + values.length).asDoubleStream().toArray();
        return new Series(name(result), depths, values, color);
    }

    private static String name(Variant.Result result) {
        return Names.of(result.variant().conditioning());
    }
}
