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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** Which of the six vectors wakes up first, and why. */
record WakingSection(Waking waking) implements Section {
    private static final int FIRST_STEPS = 8;
    private static final int HEIGHT = 300;

    @Override
    public String title() {
        return "The gates wake up first";
    }

    @Override
    public List<Claim> claims() {
        Waking.Run sgd = waking.runs().get(0);
        int ahead = (int) IntStream.range(1, steps() + 1)
                .filter(step -> gatesAhead(sgd, step))
                .count();
        return List.of(
                new Claim(
                        "In step 1 only the gates' part of W and b has a gradient: that of shift and scale, and that of every"
                                + " weight of attention and MLP, is exactly 0",
                        waking.runs().stream().allMatch(WakingSection::onlyGates),
                        gradients(0)),
                new Claim(
                        "In step 2 everything has one",
                        waking.runs().stream()
                                .allMatch(run ->
                                        Arrays.stream(run.vectorGradients()[1]).allMatch(g -> g > 0)
                                                && Arrays.stream(run.branchGradients()[1])
                                                        .allMatch(g -> g > 0)),
                        gradients(1)),
                new Claim(
                        "So the gates leave 0 with step 1, shifts and scales with step 2",
                        waking.runs().stream()
                                .allMatch(run -> IntStream.range(0, Waking.VECTORS.size())
                                        .allMatch(i -> run.wakes(i) == (Waking.Run.isGate(i) ? 1 : 2))),
                        waking.runs().stream()
                                .map(run -> run.optimizer() + ": "
                                        + IntStream.range(0, Waking.VECTORS.size())
                                                .mapToObj(i -> Waking.VECTORS.get(i) + " " + run.wakes(i))
                                                .collect(Collectors.joining(", ")))
                                .collect(Collectors.joining("; "))),
                new Claim(
                        text("Under SGD both gates stay ahead of the other four over all %d steps", steps()),
                        ahead == steps(),
                        text(
                                "ahead after %d of %d steps; at the end %s",
                                ahead,
                                steps(),
                                IntStream.range(0, Waking.VECTORS.size())
                                        .mapToObj(i -> text("%s %.4f", Waking.VECTORS.get(i), sgd.norms()[i][steps()]))
                                        .collect(Collectors.joining(", ")))));
    }

    private int steps() {
        return waking.runs().get(0).losses().length;
    }

    private static boolean gatesAhead(Waking.Run run, int step) {
        double slowestGate = Math.min(run.norms()[2][step], run.norms()[5][step]);
        return IntStream.range(0, Waking.VECTORS.size())
                .filter(i -> !Waking.Run.isGate(i))
                .allMatch(i -> run.norms()[i][step] < slowestGate);
    }

    private static boolean onlyGates(Waking.Run run) {
        return IntStream.range(0, Waking.VECTORS.size())
                        .allMatch(i -> Waking.Run.isGate(i) == (run.vectorGradients()[0][i] != 0))
                && Arrays.stream(run.branchGradients()[0]).allMatch(g -> g == 0);
    }

    /** Of the SGD run, which has the same gradients in step 1 as the other. */
    private String gradients(int step) {
        Waking.Run run = waking.runs().get(0);
        return Stream.concat(
                        IntStream.range(0, Waking.VECTORS.size())
                                .mapToObj(i -> Waking.VECTORS.get(i) + " " + number(run.vectorGradients()[step][i])),
                        IntStream.range(0, Waking.BRANCHES.size())
                                .mapToObj(i -> Waking.BRANCHES.get(i) + " " + number(run.branchGradients()[step][i])))
                .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return value == 0 ? "0" : text("%.1e", value);
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.paragraph("A product has a gradient for one factor only where the other is not 0:")
                .formula("""
                        y = x + gate · f(norm(x) · (1 + scale) + shift)

                        ∂y/∂gate  = f(…)                          not 0: f's weights are random
                        ∂y/∂shift = gate · f′,   ∂y/∂scale = gate · f′ · norm(x),   ∂y/∂(weights of f) = gate · …
                                                                  all 0 as long as the gate is""")
                .paragraph(text(
                        "A lone block learns to tell the %d × %d patches of an image from those of the image with noise, given class"
                                + " and time: as the identity it starts by giving the noise back. It does so once by plain SGD (rate %s)"
                                + " and once by Adam (rate %s), on the same batches. After each step the six vectors are computed for"
                                + " the same conditions, and the root mean square of each is noted.",
                        Waking.PATCH, Waking.PATCH, Waking.SGD_RATE, Waking.ADAM_RATE))
                .claims(claims())
                .figure(
                        "The six modulation vectors over training, and below over its first steps. SGD shows the gradients' sizes:"
                                + " shift and scale start with a gradient that is itself as small as the gates still are. Adam divides"
                                + " each gradient by its own size, so that all that is left of the head start is one step.",
                        plot(out))
                .table(
                        "Lengths of gradients before each of the first steps, by SGD",
                        header(),
                        IntStream.range(0, Waking.GRADIENTS).mapToObj(this::row).toList());
        csv(out);
    }

    private static List<String> header() {
        return Stream.of(List.of("Step"), Waking.VECTORS, Waking.BRANCHES)
                .flatMap(List::stream)
                .toList();
    }

    private List<String> row(int step) {
        Waking.Run run = waking.runs().get(0);
        List<String> row = new ArrayList<>(List.of(Integer.toString(step + 1)));
        Arrays.stream(run.vectorGradients()[step])
                .mapToObj(WakingSection::number)
                .forEach(row::add);
        Arrays.stream(run.branchGradients()[step])
                .mapToObj(WakingSection::number)
                .forEach(row::add);
        return row;
    }

    private Path plot(Path out) throws IOException {
        List<XYChart> panels = new ArrayList<>();
        for (int last : new int[] {steps(), Math.min(steps(), FIRST_STEPS)}) {
            for (Waking.Run run : waking.runs()) {
                List<Series> series = IntStream.range(0, Waking.VECTORS.size())
                        .mapToObj(i -> new Series(
                                Waking.VECTORS.get(i),
                                IntStream.rangeClosed(0, last).asDoubleStream().toArray(),
                                Arrays.copyOf(run.norms()[i], last + 1),
                                i,
                                last > FIRST_STEPS ? Series.Style.THIN : Series.Style.SOLID))
                        .toList();
                String title = run.optimizer() + (last > FIRST_STEPS ? "" : ", first steps");
                panels.add(Plots.lines(title, "step", "root mean square", HEIGHT, series));
            }
        }
        Path png = out.resolve("waking.png");
        Plots.saveGrid(panels, 1, png);
        return png;
    }

    private void csv(Path out) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (Waking.Run run : waking.runs()) {
            for (int step = 0; step <= steps(); step++) {
                List<Object> row = new ArrayList<>(List.of(run.optimizer(), step));
                for (double[] norm : run.norms()) {
                    row.add(norm[step]);
                }
                rows.add(row);
            }
        }
        CsvFile.write(
                out.resolve("waking.csv"),
                List.of("optimizer", "step", "shift1", "scale1", "gate1", "shift2", "scale2", "gate2"),
                rows);
    }
}
