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
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weight normalization on a linear layer. */
record LinearSection(LinearTraining training, double rate) implements Section {
    /** What rounding in double precision may leave. */
    private static final double ROUNDING = 1e-12;

    private static final double TORCH = 1e-10;
    private static final int OUTPUTS = 3;

    @Override
    public String title() {
        return "Weight normalization: length and direction apart";
    }

    @Override
    public List<Claim> claims() {
        int steps = training.steps().size();
        return List.of(
                atMost(
                        "At start the layer computes with the weight that the initializer gives, as if there were no norm",
                        "largest relative difference of w from it:",
                        training.initial().difference(),
                        ROUNDING),
                atMost(
                        text("After each of %d steps every row of w has the length |g|", steps),
                        "largest relative difference:",
                        worst(LinearTraining.Step::lengthError),
                        ROUNDING),
                atMost(
                        text(
                                "Outputs, gradients of v, g and b, and the parameters after each of %d steps are those of"
                                        + " PyTorch's weight_norm",
                                steps),
                        "largest relative difference:",
                        worst(LinearTraining.Step::torch),
                        TORCH),
                atMost(
                        "The gradient of v is orthogonal to v: it turns the direction and does nothing else",
                        "largest |cosine| between a row of v and its gradient:",
                        worst(LinearTraining.Step::cosine),
                        ROUNDING),
                atMost(
                        "∇g = ⟨∇w, v/‖v‖⟩: the length learns from the part of ∇w along the direction",
                        "largest relative difference, ∇w being that of the same layer without the norm:",
                        worst(LinearTraining.Step::radialError),
                        ROUNDING),
                atMost(
                        "∇v = g/‖v‖ · (∇w − ∇g · v/‖v‖): the direction learns from the rest",
                        "largest relative difference:",
                        worst(LinearTraining.Step::tangentialError),
                        ROUNDING),
                atMost(
                        "So ‖v‖ never shrinks under gradient descent: ‖v_new‖² = ‖v‖² + ‖η ∇v‖²",
                        "largest relative difference of a row's new length from the hypotenuse:",
                        worst(step -> step.pythagorasError(rate)),
                        ROUNDING));
    }

    private double worst(ToDoubleFunction<LinearTraining.Step> error) {
        return training.steps().stream().mapToDouble(error).max().orElseThrow();
    }

    private static Claim atMost(String claim, String what, double error, double limit) {
        return new Claim(claim, error <= limit, text("%s %.1e; asserted: at most %.0e", what, error, limit));
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph(
                        "Each row of a weight, that is each output, gets a length g and a direction v. Both are learned, and w"
                                + " is computed from them in each step.")
                .formula("""
                        w  = g · v / ‖v‖
                        ∇g = ⟨∇w, v / ‖v‖⟩                        the part of ∇w along the direction
                        ∇v = g / ‖v‖ · (∇w − ∇g · v / ‖v‖)        the rest: orthogonal to v

                        new Dense.Builder().nOut(3).parametrization(new WeightNorm()).build()""")
                .paper("T. Salimans and D. P. Kingma, Weight Normalization, 2016.", "https://arxiv.org/abs/1602.07868")
                .paragraph(text(
                        "A linear layer 5 → 3 learns by least squares a linear map whose rows have the lengths 0.5, 2 and 4:"
                                + " %d steps of gradient descent at rate %.1f, in double precision, from the same start"
                                + " and on the same data as PyTorch's, whose numbers come with the program: no seed changes"
                                + " them.",
                        training.steps().size(), rate))
                .claims(claims())
                .table("The start", header(), rows(training.start()))
                .table(
                        text("After %d steps", training.steps().size()),
                        header(),
                        rows(training.states().get(training.steps().size())))
                .figure(
                        "g goes to the lengths of the map's rows, the dashed lines. ‖v‖ only grows, fastest where the"
                                + " gradient is largest. As w does not depend on it, all that its growth does is to make"
                                + " later turns of the direction smaller, by 1/‖v‖²: a learning rate that falls by"
                                + " itself, for each output at its own pace.",
                        lengths(out));
        csv(out);
    }

    private static List<String> header() {
        return List.of("Row", "v", "‖v‖", "g", "w = g v/‖v‖", "‖w‖");
    }

    private static List<List<String>> rows(LinearTraining.State state) {
        return IntStream.range(0, OUTPUTS)
                .mapToObj(i -> List.of(
                        Integer.toString(i + 1),
                        vector(state.v().getRow(i)),
                        text("%.4f", state.lengthsOfV().getDouble(i)),
                        text("%.4f", state.g().getDouble(i)),
                        vector(state.w().getRow(i)),
                        text("%.4f", state.lengthsOfW().getDouble(i))))
                .toList();
    }

    private static String vector(INDArray row) {
        return Arrays.stream(row.toDoubleVector())
                .mapToObj(value -> text("%.2f", value).replace("-0.00", "0.00"))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private Path lengths(Path out) throws IOException {
        int last = training.steps().size();
        List<Series> g = perRow(LinearTraining.State::g, "g");
        for (double length : new double[] {0.5, 2, 4}) {
            g.add(Charts.level(text("%.1f", length), length, 0, last));
        }
        List<XYChart> panels = List.of(
                Charts.explained(Plots.panel("The length g of each row", "step", "g", g), g),
                Plots.panel("‖v‖ of each row", "step", "‖v‖", perRow(LinearTraining.State::lengthsOfV, "‖v‖")));
        Path png = out.resolve("weight_norm.png");
        Plots.saveGrid(panels, 2, png);
        return png;
    }

    private List<Series> perRow(Function<LinearTraining.State, INDArray> value, String name) {
        List<Series> series = new ArrayList<>();
        for (int row = 0; row < OUTPUTS; row++) {
            int index = row;
            double[] y = training.states().stream()
                    .mapToDouble(state -> value.apply(state).getDouble(index))
                    .toArray();
            series.add(Charts.curve(name + " of row " + (row + 1), y, row, Series.Style.THIN));
        }
        return series;
    }

    private void csv(Path out) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        List<LinearTraining.State> states = training.states();
        for (int step = 0; step < states.size(); step++) {
            for (int row = 0; row < OUTPUTS; row++) {
                LinearTraining.State state = states.get(step);
                rows.add(List.of(
                        step,
                        row + 1,
                        state.g().getDouble(row),
                        state.lengthsOfV().getDouble(row),
                        state.lengthsOfW().getDouble(row)));
            }
        }
        CsvFile.write(out.resolve("weight_norm.csv"), List.of("step", "row", "g", "v_length", "w_length"), rows);
    }
}
