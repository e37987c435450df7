package io.github.dl4jnorms.experiments.dit;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The block that starts as the identity. */
record IdentitySection(Identity identity) implements Section {
    @Override
    public String title() {
        return "The block starts as the identity";
    }

    private List<Identity.Row> zero() {
        return identity.rows().stream()
                .filter(row -> row.conditioning() == Conditioning.ADALN_ZERO)
                .toList();
    }

    @Override
    public List<Claim> claims() {
        Identity.Row first = zero().get(0);
        List<Identity.Row> norms =
                zero().stream().filter(row -> row.depth() == 1).toList();
        List<Identity.Row> stacks =
                zero().stream().filter(row -> row.depth() > 1).toList();
        Identity.Row control = identity.rows().stream()
                .filter(row -> row.conditioning() == Conditioning.ADALN)
                .findFirst()
                .orElseThrow();
        return List.of(
                new Claim(
                        text("block(x, c) is x, bit for bit, for %,d random pairs (x, c)", first.pairs()),
                        first.equal() == first.pairs(),
                        equal(first)),
                new Claim(
                        "So it is with each norm",
                        norms.stream().allMatch(row -> row.equal() == row.pairs()),
                        norms.stream().map(row -> row.norm() + " " + equal(row)).collect(Collectors.joining("; "))),
                new Claim(
                        text("So is a stack of %d blocks", Identity.DEPTH),
                        stacks.stream().allMatch(row -> row.equal() == row.pairs()),
                        equal(stacks.get(0))),
                new Claim(
                        "It is the zero that does it: adaLN whose projection starts at random gives none back",
                        control.equal() == 0,
                        equal(control)));
    }

    private static String equal(Identity.Row row) {
        return text("%,d of %,d, in evaluation and in training mode", row.equal(), row.pairs());
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(
                        "A diffusion transformer's block normalizes without γ and β. In their place come vectors that a linear map"
                                + " makes of the condition c, an embedding of time and class: a shift and a scale before attention"
                                + " and before the MLP, and a gate behind each. The map starts at 0, and with it the gates.")
                .formula("""
                        [shift₁, scale₁, gate₁, shift₂, scale₂, gate₂] = SiLU(c) W + b,    W = 0, b = 0 at start
                        x ← x + gate₁ · Attention(LayerNorm(x) · (1 + scale₁) + shift₁)
                        x ← x + gate₂ · MLP(LayerNorm(x) · (1 + scale₂) + shift₂)

                        new DiTBlock.Builder().heads(8).build()""")
                .paper(
                        "W. Peebles and S. Xie, Scalable Diffusion Models with Transformers, 2023.",
                        "https://arxiv.org/abs/2212.09748")
                .paragraph(text(
                        "Blocks of %d numbers a token are given %d random tokens x and a random condition c of %d numbers, each pair"
                                + " of a size of its own from a thousandth to a thousand. Their outputs are compared with x as raw"
                                + " bits. The weights of attention and MLP are random: only the gates hold them back.",
                        Identity.SIZE, Identity.TOKENS, Identity.CONDITION))
                .claims(claims())
                .table(
                        "Outputs with the same bits as x; the largest difference, as a share of the largest number in x",
                        List.of("Blocks", "Norm", "Pairs", "Equal", "Difference"),
                        identity.rows().stream()
                                .map(row -> List.of(
                                        row.depth() + " × " + Names.of(row.conditioning()),
                                        row.norm(),
                                        text("%,d", row.pairs()),
                                        text("%,d", row.equal()),
                                        row.difference() == 0 ? "0" : text("%.1e", row.difference())))
                                .toList());
        CsvFile.write(
                out.resolve("identity.csv"),
                List.of("conditioning", "norm", "depth", "pairs", "equal", "difference"),
                identity.rows().stream()
                        .map(row -> List.<Object>of(
                                row.conditioning(),
                                row.norm(),
                                row.depth(),
                                row.pairs(),
                                row.equal(),
                                row.difference()))
                        .toList());
    }
}
