package io.github.dl4jnorms.experiments.weightnorm;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Spectral normalization through training: whether the largest singular value stays at 1. */
record SpectralSection(SpectralTraining bounded, SpectralTraining iterated, SpectralTraining plain, TorchFixture torch)
        implements Section {
    static final double TOLERANCE = 1e-4;

    private static final double TORCH = 1e-6;

    /** Steps that the loss is averaged over. */
    private static final int LAST = 10;

    @Override
    public String title() {
        return "Spectral normalization: the largest singular value";
    }

    @Override
    public List<Claim> claims() {
        long above = iterated.above(1 + TOLERANCE);
        long all = (long) steps() * SpectralTraining.LAYERS;
        return List.of(
                new Claim(
                        text(
                                "Bounded: after each of %d steps the largest singular value of each of the %d layers'"
                                        + " effective weights, by LAPACK, is at most 1 + 1e-4",
                                steps(), SpectralTraining.LAYERS),
                        bounded.largest() <= 1 + TOLERANCE,
                        text(
                                "largest of %d, in evaluation and in training mode: %.9f; asserted: at most %.4f",
                                2 * (all + SpectralTraining.LAYERS), bounded.largest(), 1 + TOLERANCE)),
                new Claim(
                        "Nor does the bounded form give away capacity: it is at least 1 / (1 + 1e-4)",
                        bounded.smallest() >= 1 / (1 + TOLERANCE),
                        text("smallest: %.9f; asserted: at least %.6f", bounded.smallest(), 1 / (1 + TOLERANCE))),
                new Claim(
                        "One power iteration a step, PyTorch's way, does not hold the bound",
                        above > 0,
                        text(
                                "%d of %d singular values after a step are above 1 + 1e-4; the largest is %.4f",
                                above, all, Charts.most(flat(iterated.sigma())))),
                new Claim(
                        "Our one-iteration form is PyTorch's spectral_norm, step by step",
                        torchDifference() <= TORCH,
                        text(
                                "largest difference of a singular value from that of the network which PyTorch 1.13 trained"
                                        + " from the same start on the same data: %.1e; asserted: at most %.0e",
                                torchDifference(), TORCH)));
    }

    private int steps() {
        return bounded.loss().length;
    }

    private double torchDifference() {
        return Math.max(
                difference(iterated.sigma(), torch.get("sigma")),
                difference(iterated.sigmaTraining(), torch.get("sigmaTraining")));
    }

    private static double difference(double[][] ours, INDArray theirs) {
        double most = 0;
        for (int step = 0; step < ours.length; step++) {
            for (int layer = 0; layer < SpectralTraining.LAYERS; layer++) {
                most = Math.max(most, Math.abs(ours[step][layer] - theirs.getDouble(step, layer)));
            }
        }
        return most;
    }

    private static double[] flat(double[][] sigma) {
        return Arrays.stream(sigma).flatMapToDouble(Arrays::stream).toArray();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(
                        "σ(w), the largest singular value of a weight, is the most by which the layer lengthens a difference of"
                                + " inputs. Divided by it, the layer lengthens none.")
                .formula("""
                        w_effective = w / σ(w)

                        σ by power iteration:   u ← w v / ‖w v‖,   v ← wᵀ u / ‖wᵀ u‖,   σ ≈ uᵀ w v ≤ σ(w)

                        new Dense.Builder().nOut(32).parametrization(new SpectralNorm()).build()        PyTorch's
                        new Dense.Builder().nOut(32).parametrization(SpectralNorm.bounded()).build()    σ ≤ 1 + 1e-4""")
                .paper(
                        "T. Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018.",
                        "https://arxiv.org/abs/1802.05957")
                .paragraph(
                        "The paper, and PyTorch, do one iteration in each step of training and keep u and v for the next."
                                + " That is cheap, but behind a weight that moves; and as the estimate is never too large, the"
                                + " effective weight is never too small: all errors go to the wrong side. The bounded form iterates"
                                + " until it has a proof: s² I − w wᵀ has a Cholesky factorization only if no singular value"
                                + " reaches s.")
                .paragraph(text(
                        "An MLP of 4 layers, %s, with ReLU learns to tell 4 clusters in 16 dimensions apart: %d steps of Adam"
                                + " at rate %.2f on batches of %d, in double precision. After each step each layer's effective"
                                + " weight is read off its outputs and LAPACK's gesvd finds its singular values. The dashed"
                                + " line is PyTorch's own run, from the same start on the same data; no seed changes them.",
                        widths(), steps(), torch.number("rate"), (int) torch.number("batch")))
                .claims(claims())
                .figure(
                        "The largest singular value of each layer's effective weight, in evaluation mode. Orange: our one"
                                + " iteration, with PyTorch's own run dashed over it. Green: the bounded form.",
                        plot(out))
                .table(
                        "The largest singular value over all steps, and the mean loss over the last " + LAST,
                        header(),
                        List.of(
                                row(Form.NONE.toString(), plain),
                                row(Form.ONE_ITERATION.toString(), iterated),
                                torchRow(),
                                row(Form.BOUNDED.toString(), bounded)));
        csv(out);
    }

    private String widths() {
        StringBuilder text = new StringBuilder(Integer.toString(torch.get("W0").columns()));
        for (int i = 0; i < SpectralTraining.LAYERS; i++) {
            text.append("–").append(torch.get("W" + i).rows());
        }
        return text.toString();
    }

    private Path plot(Path out) throws IOException {
        List<XYChart> panels = new ArrayList<>();
        for (int layer = 0; layer < SpectralTraining.LAYERS; layer++) {
            panels.add(Plots.panel(
                    "Layer " + (layer + 1),
                    "step",
                    "largest singular value",
                    List.of(
                            Charts.curve(
                                    "one iteration",
                                    column(iterated.sigma(), layer),
                                    Form.ONE_ITERATION.color(),
                                    Series.Style.THIN),
                            Charts.curve("PyTorch", torchSigma(layer), Charts.GREY, Series.Style.DASHED),
                            Charts.curve(
                                    "bounded",
                                    column(bounded.sigma(), layer),
                                    Form.BOUNDED.color(),
                                    Series.Style.THIN))));
        }
        Path png = out.resolve("spectral_norm.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    /** PyTorch's, of the steps that were done here too. */
    private double[] torchSigma(int layer) {
        return Arrays.copyOf(torch.get("sigma").getColumn(layer).toDoubleVector(), steps() + 1);
    }

    private static double[] column(double[][] sigma, int layer) {
        return Arrays.stream(sigma).mapToDouble(row -> row[layer]).toArray();
    }

    private static List<String> header() {
        return List.of("Network", "Layer 1", "Layer 2", "Layer 3", "Layer 4", "Loss");
    }

    private static List<String> row(String name, SpectralTraining training) {
        List<String> row = new ArrayList<>(List.of(name));
        for (int layer = 0; layer < SpectralTraining.LAYERS; layer++) {
            row.add(text("%.6f", Charts.most(column(training.sigma(), layer))));
        }
        row.add(loss(training.loss()));
        return row;
    }

    private List<String> torchRow() {
        List<String> row = new ArrayList<>(List.of("spectral norm, PyTorch"));
        for (int layer = 0; layer < SpectralTraining.LAYERS; layer++) {
            row.add(text("%.6f", Charts.most(torchSigma(layer))));
        }
        row.add(loss(Arrays.copyOf(torch.get("loss").toDoubleVector(), steps())));
        return row;
    }

    private static String loss(double[] loss) {
        return text(
                "%.1e",
                Arrays.stream(loss)
                        .skip(Math.max(0, loss.length - LAST))
                        .average()
                        .orElseThrow());
    }

    private void csv(Path out) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (int step = 0; step <= steps(); step++) {
            for (int layer = 0; layer < SpectralTraining.LAYERS; layer++) {
                rows.add(List.of(
                        step,
                        layer + 1,
                        plain.sigma()[step][layer],
                        iterated.sigma()[step][layer],
                        torch.get("sigma").getDouble(step, layer),
                        bounded.sigma()[step][layer]));
            }
        }
        CsvFile.write(
                out.resolve("spectral_norm.csv"),
                List.of("step", "layer", "none", "one_iteration", "pytorch", "bounded"),
                rows);
    }
}
