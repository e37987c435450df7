package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.experiments.report.Series;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;

/**
 * The decoder with each norm.
 *
 * @param plan     of all trainings
 * @param runs     one for each norm
 * @param pictures content, style, and what each run's decoder makes of them, row by row
 */
record DecodersSection(TrainingPlan plan, List<DecoderRun> runs, List<List<BufferedImage>> pictures)
        implements Section {
    static final String NONE = "none";

    private static final Map<String, String> NAMES =
            Map.of(NONE, "no norm", "bn", "BatchNorm", "gn32", "GroupNorm (32)", "in", "InstanceNorm");

    @Override
    public String title() {
        return "A norm in the decoder";
    }

    private Optional<DecoderRun> run(String norm) {
        return runs.stream().filter(run -> run.norm().equals(norm)).findFirst();
    }

    static String name(String norm) {
        return NAMES.getOrDefault(norm, norm);
    }

    /** The paper's section 7.1: "IN normalizes each sample to a single style while BN normalizes a batch of samples to be centered around a single style." */
    @Override
    public List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        for (String norm : List.of("in", "bn")) {
            if (run(NONE).isPresent() && run(norm).isPresent()) {
                double without = run(NONE).get().last().valStyle();
                double with = run(norm).get().last().valStyle();
                claims.add(new Claim(
                        text("%s in the decoder harms the style, as the paper says", name(norm)),
                        with > without,
                        text(
                                "style loss of the validation pairs after %d steps: %.4f with it, %.4f without any norm"
                                        + " (%+.0f %%)",
                                plan.steps(), with, without, 100 * (with / without - 1))));
            }
        }
        return claims;
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        CsvFile.write(
                out.resolve("losses.csv"),
                List.of("norm", "step", "content_loss", "style_loss", "val_content_loss", "val_style_loss", "seconds"),
                runs.stream()
                        .flatMap(run -> run.points().stream()
                                .map(point -> List.of(
                                        run.norm(),
                                        point.step(),
                                        text("%.6f", point.content()),
                                        text("%.6f", point.style()),
                                        text("%.6f", point.valContent()),
                                        text("%.6f", point.valStyle()),
                                        text("%.3f", point.seconds()))))
                        .toList());
        Path curves = out.resolve("losses.png");
        Plots.saveGrid(
                List.of(
                        curves("Style loss, validation", DecoderRun.Point::valStyle),
                        curves("Content loss, validation", DecoderRun.Point::valContent),
                        curves("Style loss, training", DecoderRun.Point::style),
                        curves("Content loss, training", DecoderRun.Point::content)),
                2,
                curves);
        Path grid = out.resolve("decoders.png");
        Plots.savePng(grid().draw(), grid);
        report.paragraph(
                        "The decoder turns features into a picture: the encoder's mirror image, with nearest-neighbour upsampling"
                                + " for pooling and reflection padding. It alone is trained, by two losses that the same encoder"
                                + " measures on the picture it makes.")
                .formula("""
                        t = AdaIN(f(content), f(style))             f: the encoder to relu4_1, g: the decoder
                        L = ‖f(g(t)) − t‖²  +  10 · Σ ‖μ(φᵢ(g(t))) − μ(φᵢ(style))‖² + ‖σ(φᵢ(g(t))) − σ(φᵢ(style))‖²
                        φᵢ: the encoder to relu1_1, relu2_1, relu3_1, relu4_1;    ‖·‖²: the mean of squares""")
                .paragraph(
                        "The authors leave norms out of the decoder: instance normalization would give every picture one style,"
                                + " and batch normalization would centre a batch's around one (section 7.1), just what a decoder"
                                + " of any style must not do. Here the four are trained alike, from the same start of the"
                                + " convolutions on the same pairs, and the losses are asked.")
                .claims(claims())
                .table(
                        "After the last step.",
                        List.of(
                                "Norm",
                                "Validation style loss",
                                "Validation content loss",
                                "Content + 10 × style",
                                "Seconds a step"),
                        runs.stream().map(this::row).toList())
                .figure("The losses over the steps.", curves)
                .figure("Validation pairs: content, style, and the same features decoded by each of the four.", grid)
                .paragraph(text(
                        "%d steps of Adam on batches of %d pairs of %d×%d crops; its rate warms up, peaks at %s and falls to 0"
                                + " along a cosine. The paper takes 160,000 steps on 8 pairs of 256×256: --steps, --batch and"
                                + " --crop go there. To get anywhere in so few, the decoder does not begin with random weights"
                                + " but as the mirror image of the encoder: each convolution transposed, its channels"
                                + " standardized over a few pictures, the last fitted to their colours by least squares. A norm"
                                + " behind a convolution begins with the same mean and deviation of each channel, and BatchNorm with the"
                                + " statistics of these pictures: in evaluation mode it starts as the same function as none. A short training shows which losses"
                                + " are lower early, not where they end.",
                        plan.steps(), plan.batch(), plan.size(), plan.size(), plan.learningRate()));
    }

    private List<String> row(DecoderRun run) {
        DecoderRun.Point last = run.last();
        return List.of(
                name(run.norm()),
                text("%.4f", last.valStyle()),
                text("%.4f", last.valContent()),
                text("%.4f", last.valTotal()),
                text("%.3f", last.seconds() / last.step()));
    }

    private XYChart curves(String title, ToDoubleFunction<DecoderRun.Point> value) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            List<DecoderRun.Point> points = runs.get(i).points();
            series.add(new Series(
                    runs.get(i).norm(), // the full names do not fit into the legend
                    points.stream().mapToDouble(DecoderRun.Point::step).toArray(),
                    points.stream().mapToDouble(value).toArray(),
                    i,
                    Series.Style.THIN));
        }
        return Plots.panel(title, "step", "loss", series);
    }

    private PictureGrid grid() {
        List<String> names = new ArrayList<>(List.of("content", "style"));
        runs.forEach(run -> names.add(name(run.norm())));
        PictureGrid grid = new PictureGrid(names, 240);
        pictures.forEach(grid::row);
        return grid;
    }
}
