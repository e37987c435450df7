package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page and the table of {@code ./norms bench}, of all sections. */
final class BenchReport {
    private final Path out;
    private final List<Section> sections;

    BenchReport(Path out, List<Section> sections) {
        this.out = out;
        this.sections = sections;
    }

    Path csv() {
        return out.resolve("bench.csv");
    }

    /** Writes {@code bench.csv}, the sections' pictures and {@code report.html}, and returns the last one's path. */
    Path write(Provenance provenance) throws IOException {
        List<Row> rows =
                sections.stream().flatMap(section -> section.rows().stream()).toList();
        BenchCsv.write(csv(), rows);
        HtmlReport report = new HtmlReport(
                "Benchmarks",
                "How fast are the norms, how far from the speed of the memory, and what does a whole training step with them take?"
                        + " All numbers are medians of one run on one machine, in which everybody who is compared takes turns.");
        List<Claim> claims =
                sections.stream().flatMap(section -> section.claims().stream()).toList();
        if (!claims.isEmpty()) {
            report.heading("Claims").claims(claims);
        }
        for (Section section : sections) {
            section.addTo(report, out);
        }
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    /** The tables, and how many of the claims hold. */
    String summary() {
        List<Claim> claims =
                sections.stream().flatMap(section -> section.claims().stream()).toList();
        String tables = sections.stream().map(Section::summary).collect(Collectors.joining("\n"));
        String verdicts = claims.stream()
                .map(claim ->
                        (claim.holds() ? "holds     " : "does not  ") + claim.text() + " (" + claim.evidence() + ")\n")
                .collect(Collectors.joining());
        return tables + "\n" + verdicts;
    }
}
