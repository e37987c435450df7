package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page, the picture and the tables of {@code ./norms gradcheck}. */
final class GradcheckReport {
    private static final List<String> HEADER =
            List.of("Layer", "Layout", "Variant", "Entries checked", "Worst array", "Largest error", "Result");

    private final Path out;
    private final List<Outcome> outcomes;
    private final double limit;

    GradcheckReport(Path out, List<Outcome> outcomes, double limit) {
        this.out = out;
        this.outcomes = outcomes;
        this.limit = limit;
    }

    Path csv() {
        return out.resolve("gradcheck.csv");
    }

    List<Outcome> failures() {
        return outcomes.stream().filter(outcome -> !outcome.passed()).toList();
    }

    /** Writes {@code gradcheck.csv}, {@code errors.png} and {@code report.html}, and returns the last one's path. */
    Path write(Provenance provenance) throws IOException {
        GradcheckCsv.write(csv(), outcomes);
        Path png = out.resolve("errors.png");
        Plots.save(GradcheckPlot.of(outcomes, limit), png);
        HtmlReport report = new HtmlReport(
                "Gradient checks",
                String.format(
                        Locale.ROOT,
                        "Is the gradient that each layer computes the derivative of what it computes? Every parameter and"
                                + " every input of %d cases against central differences (f(p + ε) − f(p − ε)) / 2ε in double"
                                + " precision, %,d entries in all. The error of an entry is |analytic − numeric| /"
                                + " max(|analytic| + |numeric|, 1e-3), 1/3 for a gradient twice too large; it may be %.0e.",
                        outcomes.size(),
                        outcomes.stream().mapToInt(Outcome::checked).sum(),
                        limit));
        report.heading("Claims").claims(claims());
        if (!failures().isEmpty()) {
            report.table("What is wrong", List.of("Case", "Fault"), faults());
        }
        report.heading("Errors")
                .figure(
                        "A dot for each case beside its layer's name, coloured by layout. What is left of the dashed line is"
                                + " right; differences there are rounding.",
                        png)
                .table("A row for each case", HEADER, rows());
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    /** A claim for each layer. */
    List<Claim> claims() {
        Map<String, List<Outcome>> layers = new LinkedHashMap<>();
        outcomes.forEach(o -> layers.computeIfAbsent(o.subject().layer(), key -> new ArrayList<>())
                .add(o));
        List<Claim> claims = new ArrayList<>();
        layers.forEach((layer, cases) -> {
            long passed = cases.stream().filter(Outcome::passed).count();
            Outcome worst = cases.stream()
                    .max(Comparator.comparingDouble(Outcome::error))
                    .orElseThrow();
            claims.add(new Claim(
                    "The gradients of " + layer + " are right",
                    passed == cases.size(),
                    passed + " of " + cases.size() + " cases; largest error " + worst.errorText() + " ("
                            + worst.subject().name() + ", " + worst.worst() + ")"));
        });
        return claims;
    }

    /** The table for the terminal. */
    String table() {
        String format =
                "%-" + width(0) + "s  %-" + width(1) + "s  %-" + width(2) + "s  %15s  %-" + width(4) + "s  %13s  %s%n";
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, format, HEADER.toArray()));
        rows().forEach(row -> text.append(String.format(Locale.ROOT, format, row.toArray())));
        faults().forEach(row ->
                text.append(row.get(0)).append(": ").append(row.get(1)).append('\n'));
        return text.toString();
    }

    private int width(int column) {
        return rows().stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(HEADER.get(column).length(), Math::max);
    }

    private List<List<String>> rows() {
        return outcomes.stream()
                .map(o -> List.of(
                        o.subject().layer(),
                        o.subject().layout(),
                        o.subject().variant(),
                        Integer.toString(o.checked()),
                        o.worst(),
                        o.errorText(),
                        o.verdict()))
                .toList();
    }

    private List<List<String>> faults() {
        List<List<String>> rows = new ArrayList<>();
        for (Outcome outcome : failures()) {
            String name = outcome.subject().name();
            if (outcome.faults().isEmpty()) {
                rows.add(List.of(name, outcome.worst() + ": its gradient is wrong, error " + outcome.errorText()));
            }
            outcome.faults().forEach(fault -> rows.add(List.of(name, fault)));
        }
        return rows;
    }
}
