package io.github.dl4jnorms.experiments.dit;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Other norms inside the block. */
record NormSection(List<Variant.Result> results, DitSettings settings) implements Section {
    /** How far losses may be apart to pass for equal. */
    private static final double CLOSE = 1.05;

    @Override
    public String title() {
        return "LayerNorm, RMSNorm, GroupNorm and BatchNorm inside the block";
    }

    private Variant.Result of(String norm) {
        return results.stream()
                .filter(result -> Names.ofNorm(result.variant().norm()).equals(norm))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public List<Claim> claims() {
        List<Variant.Result> perExample =
                Stream.of("LayerNorm", "RMSNorm", "GroupNorm").map(this::of).toList();
        double lowest =
                perExample.stream().mapToDouble(Variant.Result::testLoss).min().orElseThrow();
        double highest =
                perExample.stream().mapToDouble(Variant.Result::testLoss).max().orElseThrow();
        Variant.Result batch = of("BatchNorm");
        return List.of(
                new Claim(
                        "The three norms that look at one example do equally well: their held-out losses are within 5 % of each"
                                + " other",
                        highest <= CLOSE * lowest,
                        perExample.stream()
                                .map(r -> name(r) + text(" %.4f", r.testLoss()))
                                .collect(Collectors.joining(", "))),
                new Claim(
                        "BatchNorm, whose batch mixes all times and classes, ends above each of them",
                        batch.testLoss() > highest,
                        text("BatchNorm %.4f, the highest of the others %.4f", batch.testLoss(), highest)),
                new Claim(
                        "And it alone computes something else in evaluation than in training",
                        batch.testLoss() != batch.batchTestLoss()
                                && perExample.stream().allMatch(r -> r.testLoss() == r.batchTestLoss()),
                        results.stream()
                                .map(r -> name(r) + text(" %.4f and %.4f", r.testLoss(), r.batchTestLoss()))
                                .collect(Collectors.joining(", "))));
    }

    private static String name(Variant.Result result) {
        return Names.ofNorm(result.variant().norm());
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(text(
                        "The same transformer with adaLN-Zero, and in all of its blocks and its last layer another norm, without γ"
                                + " and β: over a token's numbers with and without the mean (LayerNorm, RMSNorm); over the tokens and"
                                + " an eighth of the numbers of an example (GroupNorm with 8 groups); over the tokens of the whole"
                                + " batch (BatchNorm). A batch of flow matching mixes images that are nearly noise with images that"
                                + " are nearly done: BatchNorm's mean and variance are neither's."))
                .formula("new DiTBlock.Builder().norm(\"rms\").build()        ln, rms, gn8, bn, ...")
                .claims(claims())
                .figure("Training loss with each norm, averaged over some steps.", plot(out))
                .table(
                        "Loss of the last fifth of the steps; on held-out images in evaluation mode and in training mode",
                        List.of("Norm", "Training loss", "Held-out loss", "The same in training mode"),
                        results.stream()
                                .map(r -> List.of(
                                        name(r),
                                        text("%.4f", r.finalLoss()),
                                        text("%.4f", r.testLoss()),
                                        text("%.4f", r.batchTestLoss())))
                                .toList());
        double ratio = of("BatchNorm").testLoss() / of("LayerNorm").testLoss();
        if (ratio < 1) {
            report.paragraph(text(
                    "BatchNorm's held-out loss is %.3f times LayerNorm's: that a norm over a mixed batch must do badly is not what"
                            + " these %,d steps show. A likely reason: a norm over a token takes away how large its numbers are, from"
                            + " which the noise can be told; one over the batch leaves each token its size. What it costs is the last"
                            + " claim: an image gets other results in other company.",
                    ratio, settings.comparedSteps()));
        }
        Curves.csv(out.resolve("norm_loss.csv"), results, Variant::norm);
    }

    private Path plot(Path out) throws IOException {
        Path png = out.resolve("norms.png");
        Plots.save(
                Plots.lines(
                        "Norms inside the adaLN-Zero block",
                        "step",
                        "loss",
                        IntStream.range(0, results.size())
                                .mapToObj(i -> Curves.smooth(
                                        name(results.get(i)), results.get(i).losses(), i))
                                .toList()),
                png);
        return png;
    }
}
