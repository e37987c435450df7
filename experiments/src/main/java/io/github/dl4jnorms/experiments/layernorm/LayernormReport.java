package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Quartiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** The page, the pictures and the tables of {@code ./norms layernorm}. */
final class LayernormReport {
    private final Path out;
    private final LayernormResult result;
    private final LayernormSettings settings;
    private final LargeTensor large;

    LayernormReport(Path out, LayernormResult result) {
        this.out = out;
        this.result = result;
        this.settings = result.settings();
        this.large = result.large();
    }

    /** Writes the tables, the pictures and {@code report.html}, and returns the last one's path. */
    Path write(List<Claim> claims, Provenance provenance) throws IOException {
        tables();
        HtmlReport report = new HtmlReport(
                "LayerNorm against RMSNorm",
                format(
                        "What each of them assures, what it costs, and whether the cheaper one trains as well: on a tensor"
                                + " of %d sequences of %,d tokens of %,d features, %.0f MB, on others from small to large, and"
                                + " in a sequence model.",
                        settings.batch(), settings.length(), settings.dim(), settings.elements() * 4 / 1e6));
        report.heading("Claims").claims(claims);
        theNorms(report);
        assertions(report);
        cost(report);
        times(report);
        composed(report);
        sweeps(report);
        training(report);
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    private static void theNorms(HtmlReport report) {
        report.heading("What they do")
                .paragraph(
                        "Both look at one token at a time, a row of n features, so that they do the same in training and"
                                + " evaluation, at any batch size and length. LayerNorm moves the row to mean 0 and scales it to"
                                + " standard deviation 1. RMSNorm leaves the mean where it is and scales to root mean square 1:"
                                + " its authors found that the scaling is what helps, and the centring need not be paid for.")
                .formula("""
                        LayerNorm   mean = Σ x / n   variance = Σ (x − mean)² / n   y = γ (x − mean) / √(variance + ε) + β
                        RMSNorm                      square = Σ x² / n              y = γ x / √(square + ε)""")
                .paper("Ba, Kiros and Hinton, 2016. Layer Normalization.", "https://arxiv.org/abs/1607.06450")
                .paper(
                        "Zhang and Sennrich, 2019. Root Mean Square Layer Normalization.",
                        "https://arxiv.org/abs/1910.07467");
    }

    private void assertions(HtmlReport report) {
        double n = settings.dim();
        report.heading("What they assure")
                .paragraph(format(
                        "The tensor is filled with random numbers of mean %.0f and standard deviation %.0f and normalized with"
                                + " γ = 1 and β = 0. Then the statistics of each of its %,d tokens are computed anew from the"
                                + " result, in double precision, by plain loops that share no code with the norms.",
                        Tensor.MEAN, Tensor.STD, settings.batch() * settings.length()))
                .table(
                        "The largest deviation over all tokens",
                        List.of("", "after LayerNorm", "after RMSNorm"),
                        List.of(
                                List.of(
                                        "|mean|",
                                        small(large.layerNorm().mean()),
                                        small(large.rmsNorm().mean())),
                                List.of(
                                        "|standard deviation − 1|, dividing by n",
                                        small(large.layerNorm().std()),
                                        small(large.rmsNorm().std())),
                                List.of(
                                        "|standard deviation − 1|, dividing by n − 1",
                                        small(large.layerNorm().sampleStd()),
                                        small(large.rmsNorm().sampleStd())),
                                List.of(
                                        "|root mean square − 1|",
                                        small(large.layerNorm().rms()),
                                        small(large.rmsNorm().rms()))))
                .paragraph(format(
                        "LayerNorm divides by the standard deviation of the row as it is, Σ (x − mean)² / n. Who checks with the"
                                + " sample standard deviation, which divides by n − 1, as PyTorch's and ND4J's std do, finds"
                                + " √(n / (n − 1)) − 1 = %.2e for n = %.0f: more than the bound of %.0e, by itself, however exact"
                                + " the norm is. What else is left comes from ε: the result's standard"
                                + " deviation is 1 / √(1 + ε / variance), here 1 − %.1e.",
                        Math.sqrt(n / (n - 1)) - 1,
                        n,
                        LayernormClaims.STD_LIMIT,
                        1 - 1 / Math.sqrt(1 + 1e-5 / (Tensor.STD * Tensor.STD))))
                .paragraph(format(
                        "RMSNorm's tokens keep a mean, up to %.2f, as %.0f / √(%.0f² + %.0f²) = %.2f of the root mean square of"
                                + " these numbers is their mean.",
                        large.rmsNorm().mean(),
                        Tensor.MEAN,
                        Tensor.MEAN,
                        Tensor.STD,
                        Tensor.MEAN / Math.hypot(Tensor.MEAN, Tensor.STD)));
    }

    private void cost(HtmlReport report) {
        long rows = (long) settings.batch() * settings.length();
        report.heading("What they cost, counted")
                .table("Floating-point operations of LayerNorm", termHeader(), termRows(Norm.LAYER_NORM))
                .table("Floating-point operations of RMSNorm", termHeader(), termRows(Norm.RMS_NORM))
                .table(
                        format(
                                "One pass over (%d, %d, %d) floats",
                                settings.batch(), settings.length(), settings.dim()),
                        List.of("", "FLOPs / element", "FLOPs", "Bytes / element", "Bytes", "FLOPs / byte"),
                        costRows(rows))
                .paragraph(
                        "An addition, a multiplication, a division and a root count one each. Of the memory, each element"
                                + " is read once and written once, 4 bytes each; a row of this size stays in the processor's cache"
                                + " between the passes over it, and γ and β do too.");
    }

    private List<List<String>> costRows(long rows) {
        List<List<String>> table = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            long bytes = settings.elements() * Norm.BYTES_PER_ELEMENT;
            long flops = norm.flops(rows, settings.dim());
            table.add(List.of(
                    norm.toString(),
                    Integer.toString(norm.flopsPerElement()),
                    format("%,d", flops),
                    Integer.toString(Norm.BYTES_PER_ELEMENT),
                    format("%,d", bytes),
                    format("%.2f", (double) flops / bytes)));
        }
        return table;
    }

    private static List<String> termHeader() {
        return List.of("Term", "for each element", "for each row");
    }

    private static List<List<String>> termRows(Norm norm) {
        return norm.terms().stream()
                .map(term ->
                        List.of(term.formula(), Integer.toString(term.perElement()), Integer.toString(term.perRow())))
                .toList();
    }

    private void times(HtmlReport report) throws IOException {
        Quartiles speedUp = large.fused().speedUp();
        report.heading("What they cost, measured")
                .paragraph(format(
                        "%d passes of each, with γ and β, into one array that is used over and over (Norms.layerNorm(x, −1, γ, β,"
                                + " ε, out)); the two take turns, and so do two copies of the tensor, all with %d threads. memcpy"
                                + " is the C library's, a share of the tensor for each thread. The copy by rows goes the norms'"
                                + " way: a row is read into an array of Java's and written from there.",
                        settings.passes(), Copy.threads()))
                .figure(
                        "Passes slower than what is shown are counted in the last bin.",
                        save("passes.png", LayernormPlots.passes(large)))
                .table(
                        "Milliseconds for a pass",
                        List.of("", "Median", "First quartile", "Third quartile", "GB/s", "GFLOP/s"),
                        passRows())
                .paragraph(format(
                        "RMSNorm is %.3f times as fast as LayerNorm, quartiles %.3f to %.3f over the pairs of passes, although it"
                                + " has %.2f times fewer operations.",
                        speedUp.median(),
                        speedUp.q1(),
                        speedUp.q3(),
                        (double) Norm.LAYER_NORM.flopsPerElement() / Norm.RMS_NORM.flopsPerElement()))
                .paragraph(boundText())
                .table(
                        "What bounds the time, in milliseconds for the whole tensor",
                        List.of("", "Measured", "Memory: copy by rows", "Arithmetic: the rest", "Bound by"),
                        boundRows());
    }

    private static String boundText() {
        return "Which of the two bounds the time? The copy by rows moves the bytes that a norm moves, the same way, and"
                + " computes nothing: it is what a norm would take if arithmetic cost nothing. What a norm takes beyond it is"
                + " what its arithmetic adds, on rows that lie in the first-level cache by then. The larger of the two is the"
                + " bound.";
    }

    private List<List<String>> boundRows() {
        List<List<String>> rows = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            rows.add(List.of(
                    norm.toString(),
                    format("%.2f", large.fused().quartiles(norm).median()),
                    format("%.2f", large.traffic()),
                    format("%.2f", large.arithmetic(norm)),
                    large.traffic() > large.arithmetic(norm) ? "memory" : "arithmetic"));
        }
        return rows;
    }

    private List<List<String>> passRows() {
        List<List<String>> rows = new ArrayList<>();
        long tokens = (long) settings.batch() * settings.length();
        for (Norm norm : Norm.values()) {
            rows.add(passRow(norm.toString(), large.fused().of(norm), norm.flops(tokens, settings.dim())));
        }
        rows.add(passRow("copy by rows", large.rowCopy(), 0));
        rows.add(passRow("memcpy", large.memcpy(), 0));
        return rows;
    }

    private List<String> passRow(String name, double[] milliseconds, long flops) {
        Quartiles quartiles = Quartiles.of(milliseconds);
        double bytes = settings.elements() * (double) Norm.BYTES_PER_ELEMENT;
        return List.of(
                name,
                format("%.2f", quartiles.median()),
                format("%.2f", quartiles.q1()),
                format("%.2f", quartiles.q3()),
                format("%.1f", bytes / quartiles.median() / 1e6),
                flops == 0 ? "–" : format("%.1f", flops / quartiles.median() / 1e6));
    }

    private void composed(HtmlReport report) {
        report.heading("Composed of ND4J's operations")
                .paragraph(
                        "Written as ND4J's own operations, one after another, a norm goes through memory once for each of"
                                + " them: the mean reads the tensor, taking it away reads and writes it, and so on. The arrays between"
                                + " are used over again here, or else the system would take most of the time to hand out memory.")
                .formula("""
                        LayerNorm   x.sub(x.mean(true, 2), out);  square(out, room);
                                    out.muli(scale(room.mean(true, 2))).muli(gamma).addi(beta);
                        RMSNorm     square(x, room);
                                    x.mul(scale(room.mean(true, 2)), out).muli(gamma);""")
                .table(
                        format("Milliseconds for a pass, medians; composed: %d passes", settings.composedPasses()),
                        List.of("", "Reads + writes", "Composed", "Quartiles", "Fused", "Composed over fused"),
                        composedRows())
                .paragraph(format(
                        "Composed, LayerNorm goes through memory 12 times and RMSNorm 7 times: 12 / 7 = 1.71. Measured, RMSNorm is"
                                + " %.2f times as fast, against %.2f fused, where both read once and write once. To fuse a norm"
                                + " saves more passes over memory than to replace it by a simpler one.",
                        large.composed().speedUp().median(),
                        large.fused().speedUp().median()))
                .paragraph("The largest resident memory of the process, all of this report together: "
                        + Machine.gigabytes(result.peakMemory()) + ".");
    }

    private List<List<String>> composedRows() {
        List<List<String>> rows = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            Quartiles fused = large.fused().quartiles(norm);
            Quartiles composed = large.composed().quartiles(norm);
            rows.add(List.of(
                    norm.toString(),
                    norm.composedReads() + " + " + norm.composedWrites(),
                    format("%.0f", composed.median()),
                    format("%.0f to %.0f", composed.q1(), composed.q3()),
                    format("%.1f", fused.median()),
                    format("%.1f×", composed.median() / fused.median())));
        }
        return rows;
    }

    private void sweeps(HtmlReport report) throws IOException {
        double copy = settings.elements() * Norm.BYTES_PER_ELEMENT / large.traffic() / 1e6;
        report.heading("Over the sequence length")
                .paragraph(format(
                        "%d sequences of %d features each. Each token is a row by itself, so the time grows with their number;"
                                + " the smallest of these tensors stay in the cache.",
                        settings.batch(), settings.sweepDim()));
        sweep(report, "length", "sequence length", result.sweep().byLength(), copy);
        report.heading("Over the dimension")
                .paragraph(format(
                        "%d sequences of %d tokens. A row of 4096 floats, 16 KB, still fits the first-level cache of most"
                                + " processors, and one of 8192 hardly.",
                        settings.batch(), settings.length()));
        sweep(report, "dim", "dimension", result.sweep().byDim(), copy);
    }

    private void sweep(HtmlReport report, String name, String xLabel, List<Sweep.Point> points, double copy)
            throws IOException {
        List<XYChart> charts = LayernormPlots.sweep(
                xLabel,
                points,
                point ->
                        name.equals("dim") ? point.shape().dim() : point.shape().length(),
                copy);
        Path png = out.resolve("sweep_" + name + ".png");
        Plots.saveGrid(charts, 1, png);
        report.figure("Medians. Dashed: composed of ND4J's operations; in the second plot, the copy by rows.", png)
                .table(
                        "Milliseconds for a pass, medians; with both composed, and RMSNorm's speed-up",
                        List.of("Tensor", "LayerNorm", "RMSNorm", "Speed-up, quartiles", "Both composed", "Speed-up"),
                        points.stream().map(LayernormReport::sweepRow).toList());
    }

    private static List<String> sweepRow(Sweep.Point point) {
        Quartiles speedUp = point.fused().speedUp();
        return List.of(
                point.shape().toString(),
                format("%.2f", point.fused().quartiles(Norm.LAYER_NORM).median()),
                format("%.2f", point.fused().quartiles(Norm.RMS_NORM).median()),
                format("%.2f (%.2f to %.2f)", speedUp.median(), speedUp.q1(), speedUp.q3()),
                format(
                        "%.1f and %.1f",
                        point.composed().quartiles(Norm.LAYER_NORM).median(),
                        point.composed().quartiles(Norm.RMS_NORM).median()),
                format("%.2f", point.composed().speedUp().median()));
    }

    private void training(HtmlReport report) throws IOException {
        LayernormSettings.Model model = settings.model();
        report.heading("A sequence model with each")
                .paragraph(format(
                        "A language of sums, written from the last digit, so that a model that reads from the left can know each"
                                + " digit of the result:"))
                .formula("74+58=231;86+09=851;          47 + 85 = 132, 68 + 90 = 158")
                .paragraph(format(
                        "Four characters of ten are random digits, the rest follows from them: no model can have a loss below"
                                + " 4 · ln 10 / 10 = %.3f nats for each character, and one that has learned to add comes close."
                                + " The model is a causal convolutional network of %d residual blocks, normalized first, as in"
                                + " transformers, with %d channels; the norm is all that differs.",
                        Sums.entropy(), model.blocks(), model.channels()))
                .formula("h ← h + W · relu(convolution(norm(h)))      the convolution sees this character and "
                        + (SequenceModel.KERNEL - 1)
                        + " before");
        Path png = out.resolve("training.png");
        Plots.saveGrid(LayernormPlots.losses(result.curves()), 1, png);
        report.figure(
                        format(
                                "%d steps of %d sequences of %d characters, Adam with learning rate %s; the three models take"
                                        + " turns, on the same sequences. Means of 10 steps.",
                                model.steps(),
                                model.batchSize(),
                                model.sums() * Sums.LENGTH,
                                SequenceModel.LEARNING_RATE),
                        png)
                .table(
                        "After the training",
                        List.of(
                                "",
                                "Loss, last tenth of the steps",
                                "Right, of what can be known",
                                "Milliseconds for a step",
                                "Parameters"),
                        result.curves().stream()
                                .map(curve -> List.of(
                                        curve.name(),
                                        format("%.4f", curve.finalLoss()),
                                        format("%.1f%%", 100 * curve.right()),
                                        format("%.1f", 1000 * curve.secondsPerStep()),
                                        format("%,d", curve.parameters())))
                                .toList())
                .paragraph("Whether a model needs a norm at all depends on the model; the third one has none.")
                .paragraph(
                        "The norms are a small part of a step, most of which is convolutions and matrix products: what"
                                + " RMSNorm saves of the norm, it hardly saves of the training.");
    }

    private void tables() throws IOException {
        List<List<Object>> passes = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            passes(passes, norm + " fused", large.fused().of(norm));
            passes(passes, norm + " composed", large.composed().of(norm));
        }
        passes(passes, "copy by rows", large.rowCopy());
        passes(passes, "memcpy", large.memcpy());
        CsvFile.write(out.resolve("passes.csv"), List.of("what", "pass", "milliseconds"), passes);
        CsvFile.write(
                out.resolve("sweep.csv"),
                List.of("batch", "length", "dim", "norm", "form", "median_ms", "q1_ms", "q3_ms", "passes"),
                result.sweep().all().flatMap(LayernormReport::sweepRows).toList());
        CsvFile.write(
                out.resolve("training.csv"),
                List.of("norm", "step", "loss", "seconds"),
                result.curves().stream()
                        .flatMap(curve -> IntStream.range(0, curve.losses().length)
                                .mapToObj(i ->
                                        List.<Object>of(curve.name(), i + 1, curve.losses()[i], curve.seconds()[i])))
                        .toList());
    }

    private static void passes(List<List<Object>> rows, String what, double[] milliseconds) {
        for (int i = 0; i < milliseconds.length; i++) {
            rows.add(List.of(what, i + 1, milliseconds[i]));
        }
    }

    private static Stream<List<Object>> sweepRows(Sweep.Point point) {
        List<List<Object>> rows = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            rows.add(sweepRow(point, norm, "fused", point.fused()));
            rows.add(sweepRow(point, norm, "composed", point.composed()));
        }
        return rows.stream();
    }

    private static List<Object> sweepRow(Sweep.Point point, Norm norm, String form, Times times) {
        Quartiles quartiles = times.quartiles(norm);
        return List.of(
                point.shape().batch(),
                point.shape().length(),
                point.shape().dim(),
                norm,
                form,
                quartiles.median(),
                quartiles.q1(),
                quartiles.q3(),
                times.of(norm).length);
    }

    private Path save(String file, XYChart chart) throws IOException {
        Path png = out.resolve(file);
        Plots.save(chart, png);
        return png;
    }

    private static String small(double value) {
        return format(value < 0.01 ? "%.2e" : "%.4f", value);
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
