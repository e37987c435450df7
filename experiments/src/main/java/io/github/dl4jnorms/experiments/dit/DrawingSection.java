package io.github.dl4jnorms.experiments.dit;

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
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The transformer that draws. */
record DrawingSection(Drawing drawing, ImageSet images, DitSettings settings) implements Section {
    static final String REAL = "images.png";
    static final String SAMPLES = "samples.png";
    static final String STRENGTHS = "guidance_samples.png";

    private static final double GOOD_CLASSIFIER = 0.95;
    private static final double GOOD_SAMPLES = 0.9;
    private static final double GOOD_CLASS = 0.75;

    @Override
    public String title() {
        return "A small transformer that learns to draw";
    }

    private Drawing.Judgement chosen() {
        return drawing.at(DitSettings.GUIDANCE);
    }

    @Override
    public List<Claim> claims() {
        Drawing.Judgement chosen = chosen();
        Drawing.Judgement plain = drawing.at(1);
        Drawing.Judgement strongest = drawing.drawn().get(drawing.drawn().size() - 1);
        int worst = worst(chosen.accuracy());
        return List.of(
                new Claim(
                        text(
                                "The classifier can be trusted: it is right about %.0f %% of held-out images",
                                100 * GOOD_CLASSIFIER),
                        drawing.real().meanAccuracy() >= GOOD_CLASSIFIER,
                        text("%.1f %%", 100 * drawing.real().meanAccuracy())),
                new Claim(
                        text(
                                "It recognizes %.0f %% of the samples as what they were to be, at guidance %s",
                                100 * GOOD_SAMPLES, Names.ofGuidance(DitSettings.GUIDANCE)),
                        chosen.meanAccuracy() >= GOOD_SAMPLES,
                        text("%.1f %% of %d", 100 * chosen.meanAccuracy(), images.classes() * settings.samples())),
                new Claim(
                        text("And at least %.0f %% of each class", 100 * GOOD_CLASS),
                        chosen.accuracy()[worst] >= GOOD_CLASS,
                        text("least: %s, %.0f %%", images.classNames().get(worst), 100 * chosen.accuracy()[worst])),
                new Claim(
                        "Guidance makes the class plainer: more samples are recognized than without",
                        chosen.meanAccuracy() > plain.meanAccuracy(),
                        text(
                                "w = 1: %.1f %%, %s: %.1f %%",
                                100 * plain.meanAccuracy(),
                                Names.ofGuidance(DitSettings.GUIDANCE),
                                100 * chosen.meanAccuracy())),
                new Claim(
                        "And costs variety: the samples of a class are less diverse at the strongest guidance than without",
                        strongest.meanDiversity() < plain.meanDiversity(),
                        drawing.drawn().stream()
                                .map(j -> Names.ofGuidance(j.guidance()) + text(": %.3f", j.meanDiversity()))
                                .collect(Collectors.joining(", "))));
    }

    private static int worst(double[] accuracy) {
        return IntStream.range(0, accuracy.length)
                .boxed()
                .min((a, b) -> Double.compare(accuracy[a], accuracy[b]))
                .orElseThrow();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        DitSettings.Size size = settings.model();
        report.paragraph(text(
                        "%s, %d × %d pixels: %,d to learn from, %,d held out. Patches of %d × %d pixels make %d tokens; %d blocks"
                                + " with adaLN-Zero, dimension %d, %d heads, %,d parameters.",
                        settings.data() == null
                                ? "Made images of " + images.classes() + " shapes"
                                : "The images of " + settings.data() + ", by class",
                        images.size(),
                        images.size(),
                        images.train().count(),
                        images.test().count(),
                        size.patch(),
                        size.patch(),
                        size.tokens(images.size()),
                        size.depth(),
                        size.dim(),
                        size.heads(),
                        drawing.parameters()))
                .figure("Images to learn from, a class in each row.", out.resolve(REAL))
                .paragraph(text(
                        "It learns by flow matching: from a point on the straight way between noise and image it is to tell the"
                                + " velocity. %,d steps of Adam on batches of %d, rate %s with warm-up and a cosine down to 0; of %.0f %%"
                                + " of the examples the class is withheld. Samples start from noise and follow the velocity by %d"
                                + " steps of Heun's method, with an exponential average of the weights.",
                        drawing.losses().length,
                        settings.batchSize(),
                        FlowTraining.LEARNING_RATE,
                        100 * DitSettings.LABEL_DROPOUT,
                        settings.samplingSteps()))
                .formula("""
                        xₜ = (1 − t) x₀ + t x₁,    x₀ noise, x₁ an image,    loss = ‖v(xₜ, t, class) − (x₁ − x₀)‖²

                        dx/dt = v(x, t, none) + w · (v(x, t, class) − v(x, t, none)),    w the strength of guidance""")
                .paper(
                        "Y. Lipman et al., Flow Matching for Generative Modeling, 2023.",
                        "https://arxiv.org/abs/2210.02747")
                .paper(
                        "J. Ho and T. Salimans, Classifier-Free Diffusion Guidance, 2022.",
                        "https://arxiv.org/abs/2207.12598")
                .claims(claims())
                .figure(
                        text(
                                "What it draws, a class in each row, at guidance %s. Not chosen: these are the first ones.",
                                Names.ofGuidance(DitSettings.GUIDANCE)),
                        out.resolve(SAMPLES))
                .table(
                        text(
                                "How many percent of %d samples of each class the classifier takes for it, by the strength of guidance"
                                        + " w; and of held-out images",
                                settings.samples()),
                        accuracyHeader(),
                        accuracyRows())
                .figure(
                        "The same noise at each strength of guidance: at 0 the class is ignored, at 1 the network is taken as it is.",
                        out.resolve(STRENGTHS))
                .figure(
                        "By the strength of guidance: how many samples are recognized; how much two samples of a class differ, as a"
                                + " share of what two of its images differ (1: as diverse as the data); how far the samples are from"
                                + " the images in what the classifier's last layer sees (Fréchet distance, the less the better). Dashed:"
                                + " held-out images.",
                        guidance(out));
        Drawing.Judgement strongest = drawing.drawn().get(drawing.drawn().size() - 1);
        if (strongest.meanDiversity() >= drawing.at(1).meanDiversity()) {
            report.paragraph(
                    "Strong guidance does not make the samples less diverse by this measure, which compares pixels:"
                            + " guidance drives colours to the ends of their range too, and so images of a class further apart.");
        }
        report.figure("The loss over training, averaged over some steps.", loss(out));
        if (!images.problems().isEmpty()) {
            report.table(
                    "What was left out",
                    List.of("File", "Reason"),
                    images.problems().stream()
                            .map(problem -> List.of(problem.file().toString(), problem.reason()))
                            .toList());
        }
        csv(out);
    }

    private List<String> accuracyHeader() {
        List<String> header = new ArrayList<>(List.of("Class"));
        drawing.drawn().forEach(j -> header.add(Names.ofGuidance(j.guidance())));
        header.add("held out");
        return header;
    }

    private List<List<String>> accuracyRows() {
        List<List<String>> rows = new ArrayList<>();
        for (int label = 0; label < images.classes(); label++) {
            int index = label;
            rows.add(accuracyRow(images.classNames().get(label), j -> j.accuracy()[index]));
        }
        rows.add(accuracyRow("all", Drawing.Judgement::meanAccuracy));
        return rows;
    }

    private List<String> accuracyRow(String name, ToDoubleFunction<Drawing.Judgement> accuracy) {
        List<String> row = new ArrayList<>(List.of(name));
        drawing.drawn().forEach(j -> row.add(text("%.0f", 100 * accuracy.applyAsDouble(j))));
        row.add(text("%.0f", 100 * accuracy.applyAsDouble(drawing.real())));
        return row;
    }

    private Path guidance(Path out) throws IOException {
        Path png = out.resolve("guidance.png");
        Plots.saveGrid(
                List.of(
                        Plots.panel("Recognized", "guidance w", "%", series(j -> 100 * j.meanAccuracy())),
                        Plots.panel(
                                "Diversity", "guidance w", "of the data's", series(Drawing.Judgement::meanDiversity)),
                        Plots.panel(
                                "Distance from the data", "guidance w", "Fréchet", series(Drawing.Judgement::frechet))),
                2,
                png);
        return png;
    }

    private List<Series> series(ToDoubleFunction<Drawing.Judgement> value) {
        double[] strengths = drawing.drawn().stream()
                .mapToDouble(Drawing.Judgement::guidance)
                .toArray();
        double real = value.applyAsDouble(drawing.real());
        return List.of(
                new Series(
                        "samples",
                        strengths,
                        drawing.drawn().stream().mapToDouble(value).toArray(),
                        1),
                new Series(
                        "held-out images",
                        new double[] {strengths[0], strengths[strengths.length - 1]},
                        new double[] {real, real},
                        6,
                        Series.Style.DASHED));
    }

    private Path loss(Path out) throws IOException {
        Path png = out.resolve("loss.png");
        Plots.save(
                Plots.lines("Flow matching", "step", "loss", List.of(Curves.smooth("loss", drawing.losses(), 1))), png);
        return png;
    }

    private void csv(Path out) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (Drawing.Judgement j : drawing.drawn()) {
            for (int label = 0; label < images.classes(); label++) {
                rows.add(List.of(
                        j.guidance(),
                        images.classNames().get(label),
                        j.accuracy()[label],
                        j.diversity()[label],
                        j.frechet()));
            }
        }
        CsvFile.write(
                out.resolve("guidance.csv"),
                List.of("guidance", "class", "accuracy", "diversity", "frechet_all"),
                rows);
        List<List<Object>> losses = IntStream.range(0, drawing.losses().length)
                .mapToObj(step -> List.<Object>of(step + 1, drawing.losses()[step]))
                .toList();
        CsvFile.write(out.resolve("loss.csv"), List.of("step", "loss"), losses);
    }
}
