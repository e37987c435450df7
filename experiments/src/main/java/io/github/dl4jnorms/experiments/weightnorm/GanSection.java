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
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;

/** A GAN whose discriminator has no norm, weight normalization, spectral normalization. */
record GanSection(List<Trained> gans, int perturbed) implements Section {
    /** A GAN and how its discriminator reacts to perturbations. */
    record Trained(GanTraining training, Perturbations perturbations) {
        Form form() {
            return training.form();
        }

        double bound() {
            return training.last().bound();
        }
    }

    @Override
    public String title() {
        return "A GAN whose discriminator is 1-Lipschitz";
    }

    private Trained of(Form form) {
        return gans.stream().filter(gan -> gan.form() == form).findFirst().orElseThrow();
    }

    @Override
    public List<Claim> claims() {
        Trained bounded = of(Form.BOUNDED);
        double steepest = most(bounded, GanTraining.Point::inputGradient);
        double largestBound = most(bounded, GanTraining.Point::bound);
        List<Claim> claims = new ArrayList<>(List.of(
                new Claim(
                        text(
                                "The spectrally normalized discriminator never exceeds its bound: |D(x + δ) − D(x)| ≤"
                                        + " ∏σᵢ · ‖δ‖ for %,d inputs × %d radii, in random directions and along the gradient",
                                perturbed, bounded.perturbations().radii().length),
                        bounded.perturbations().most() <= bounded.bound(),
                        text(
                                "largest ratio %.4f, ∏σᵢ = %.6f",
                                bounded.perturbations().most(), bounded.bound())),
                new Claim(
                        "Nor does it in training: ‖∇ₓD‖ ≤ ∏σᵢ ≤ (1 + 1e-4)⁴ whenever it is measured",
                        bounded.training().points().stream().allMatch(p -> p.inputGradient() <= p.bound())
                                && largestBound <= Math.pow(1 + SpectralSection.TOLERANCE, 4),
                        text(
                                "longest gradient %.4f, largest ∏σᵢ %.6f, of %d measurements",
                                steepest,
                                largestBound,
                                bounded.training().points().size()))));
        for (Form form : List.of(Form.NONE, Form.WEIGHT)) {
            Trained other = of(form);
            claims.add(new Claim(
                    text("The discriminator with %s exceeds 1", form),
                    other.perturbations().most() > 1,
                    text(
                            "largest ratio %.2f; its own ∏σᵢ, which nothing holds, is %,.0f",
                            other.perturbations().most(), other.bound())));
        }
        int modes = bounded.training().last().coverage().modes();
        claims.add(new Claim(
                text("With the spectrally normalized discriminator the generator covers all %d modes", Mixture.MODES),
                modes == Mixture.MODES,
                text("%d of %d", modes, Mixture.MODES)));
        claims.add(new Claim(
                "That is more modes than with no norm and with weight norm",
                gans.stream()
                        .allMatch(gan -> gan == bounded
                                || gan.training().last().coverage().modes() < modes),
                text(
                        "modes covered: %s %d, %s %d",
                        Form.NONE,
                        of(Form.NONE).training().last().coverage().modes(),
                        Form.WEIGHT,
                        of(Form.WEIGHT).training().last().coverage().modes())));
        return claims;
    }

    private static double most(Trained gan, ToDoubleFunction<GanTraining.Point> value) {
        return gan.training().points().stream().mapToDouble(value).max().orElseThrow();
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        GanTraining any = gans.get(0).training();
        report.paragraph(
                        "A generator learns from the gradient of the discriminator D at its samples. The better D tells made from"
                                + " real, the steeper it gets between them, and the flatter elsewhere: a generator that has found a"
                                + " few modes is pushed hard about them, and hears little of the rest. Spectral normalization limits"
                                + " the gradient everywhere. Weight normalization does not: it sets lengths and directions apart, and"
                                + " the lengths are free to grow.")
                .formula("""
                        ‖∇ₓD(x)‖ ≤ ∏σᵢ ≤ (1 + 1e-4)⁴        at every x and in every step,
                                                            with SpectralNorm.bounded() in every layer of D""")
                .paragraph(text(
                        "The data: %d Gaussians of standard deviation %s on a circle of radius %s. Generator %d–%d–%d–2 with"
                                + " ReLU and no norm; discriminator 2–%d–%d–%d–1 with leaky ReLU. Logistic loss,"
                                + " non-saturating; batches of %d; Adam with β₁ = %s, rates %s for D and %s for G; %,d steps."
                                + " The three differ in D's norm alone. A mode is covered if at least %.0f %% of %,d samples are"
                                + " within %.0f standard deviations of it. This is one seed: how many modes are covered varies"
                                + " with it, the bound does not.",
                        Mixture.MODES,
                        Mixture.DEVIATION,
                        Math.round(Mixture.RADIUS),
                        GanTraining.NOISE,
                        GanTraining.WIDTH,
                        GanTraining.WIDTH,
                        GanTraining.WIDTH,
                        GanTraining.WIDTH,
                        GanTraining.WIDTH,
                        GanTraining.BATCH,
                        GanTraining.BETA1,
                        GanTraining.DISCRIMINATOR_RATE,
                        GanTraining.GENERATOR_RATE,
                        any.steps(),
                        100 * Mixture.COVERED,
                        GanTraining.SAMPLES,
                        Mixture.GOOD))
                .claims(claims())
                .figure(
                        "The generators' samples (dots) over training, and what each discriminator says of the plane: orange"
                                + " for real, blue for made, white for undecided, each with its own scale; the range of D stands"
                                + " below. The rings are the modes.",
                        picture(out))
                .figure(
                        "Losses, the gradients' lengths, and what the generator makes. ‖∇ₓD‖ is the longest of a batch, the"
                                + " generator's gradient that of all its parameters. Read the last two together: a"
                                + " generator that has lost most modes can still place all of its samples near one.",
                        curves(out))
                .table(
                        "After the last step: the bound, the longest gradient in a batch, the largest ratio under perturbation, the"
                                + " modes covered, the share of samples near one",
                        header(),
                        gans.stream().map(GanSection::row).toList())
                .figure(
                        text(
                                "%,d real inputs perturbed by δ, for each length of δ the largest of |D(x + δ) − D(x)| / ‖δ‖."
                                        + " Solid: in random directions. Dashed: along the gradient. The grey line is the spectrally"
                                        + " normalized discriminator's bound.",
                                perturbed),
                        perturbations(out));
        csv(out);
    }

    private Path picture(Path out) throws IOException {
        Path png = out.resolve("gan_samples.png");
        Plots.savePng(GanPicture.draw(gans.stream().map(Trained::training).toList()), png);
        return png;
    }

    private Path curves(Path out) throws IOException {
        List<XYChart> panels = List.of(
                panel("Loss of the discriminator", "loss", GanTraining.Point::discriminatorLoss),
                panel("Loss of the generator", "loss", GanTraining.Point::generatorLoss),
                panel("The discriminator's ‖∇ₓD‖", "longest of a batch", GanTraining.Point::inputGradient),
                panel("The generator's gradient", "length", GanTraining.Point::generatorGradient),
                panel("Modes covered", "modes", point -> point.coverage().modes()),
                panel(
                        "Samples near a mode",
                        "%",
                        point -> 100 * point.coverage().goodShare()));
        Path png = out.resolve("gan_training.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    private XYChart panel(String title, String label, ToDoubleFunction<GanTraining.Point> value) {
        List<Series> series = gans.stream()
                .map(gan -> new Series(
                        shortName(gan.form()),
                        gan.training().points().stream()
                                .mapToDouble(GanTraining.Point::step)
                                .toArray(),
                        gan.training().points().stream().mapToDouble(value).toArray(),
                        gan.form().color(),
                        Series.Style.THIN))
                .toList();
        return Plots.panel(title, "step", label, series);
    }

    private static String shortName(Form form) {
        return form == Form.BOUNDED ? "spectral norm" : form.toString();
    }

    private Path perturbations(Path out) throws IOException {
        List<Series> series = new ArrayList<>();
        double[] powers = Arrays.stream(gans.get(0).perturbations().radii())
                .map(Math::log10)
                .toArray();
        for (Trained gan : gans) {
            String name = shortName(gan.form());
            int color = gan.form().color();
            series.add(new Series(name, powers, gan.perturbations().random(), color));
            series.add(new Series(
                    name + ", along the gradient", powers, gan.perturbations().steepest(), color, Series.Style.DASHED));
        }
        series.add(Charts.level("bound", of(Form.BOUNDED).bound(), powers[0], powers[powers.length - 1]));
        XYChart chart = Plots.lines(
                "The discriminators under perturbation", "‖δ‖", "largest |D(x + δ) − D(x)| / ‖δ‖", 500, series);
        chart.setCustomXAxisTickLabelsFormatter(power -> text("1e%+.1f", power).replace(".0", ""));
        Path png = out.resolve("gan_perturbations.png");
        Plots.save(Charts.explained(chart, series), png);
        return png;
    }

    private static List<String> header() {
        return List.of("Discriminator", "∏σᵢ", "‖∇ₓD‖", "Perturbed", "Modes", "Near a mode");
    }

    private static List<String> row(Trained gan) {
        GanTraining.Point last = gan.training().last();
        return List.of(
                gan.form().toString(),
                text("%,.4f", last.bound()),
                text("%.4f", last.inputGradient()),
                text("%.4f", gan.perturbations().most()),
                Integer.toString(last.coverage().modes()),
                text("%.1f %%", 100 * last.coverage().goodShare()));
    }

    private void csv(Path out) throws IOException {
        List<List<Object>> points = new ArrayList<>();
        List<List<Object>> ratios = new ArrayList<>();
        for (Trained gan : gans) {
            for (GanTraining.Point p : gan.training().points()) {
                points.add(List.of(
                        gan.form(),
                        p.step(),
                        p.discriminatorLoss(),
                        p.generatorLoss(),
                        p.discriminatorGradient(),
                        p.generatorGradient(),
                        p.inputGradient(),
                        p.bound(),
                        p.coverage().modes(),
                        p.coverage().goodShare()));
            }
            Perturbations perturbations = gan.perturbations();
            for (int i = 0; i < perturbations.radii().length; i++) {
                ratios.add(List.of(
                        gan.form(),
                        perturbations.radii()[i],
                        perturbations.random()[i],
                        perturbations.steepest()[i],
                        gan.bound()));
            }
        }
        CsvFile.write(
                out.resolve("gan.csv"),
                List.of(
                        "norm",
                        "step",
                        "d_loss",
                        "g_loss",
                        "d_gradient",
                        "g_gradient",
                        "input_gradient",
                        "bound",
                        "modes",
                        "near_a_mode"),
                points);
        CsvFile.write(
                out.resolve("perturbations.csv"),
                List.of("norm", "radius", "largest_random", "largest_steepest", "bound"),
                ratios);
    }
}
