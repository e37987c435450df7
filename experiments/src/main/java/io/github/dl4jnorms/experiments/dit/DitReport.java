package io.github.dl4jnorms.experiments.dit;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page of {@code ./norms dit}. */
final class DitReport {
    private final Path out;
    private final List<Section> sections;

    DitReport(Path out, List<Section> sections) {
        this.out = out;
        this.sections = sections;
    }

    /** Writes the pictures, the CSV files and {@code report.html}, and returns the latter's path. */
    Path write(Provenance provenance) throws IOException {
        List<Claim> claims =
                sections.stream().flatMap(section -> section.claims().stream()).toList();
        HtmlReport report = new HtmlReport(
                "adaLN-Zero: the diffusion transformer's norm",
                "A norm whose shift and scale come from a condition, and a gate that starts at 0, so that each block starts as the"
                        + " identity and learns what it is for. "
                        + text(
                                "%d claims are tested below, %d hold.",
                                claims.size(),
                                claims.stream().filter(Claim::holds).count()));
        for (Section section : sections) {
            report.heading(section.title());
            section.addTo(report, out);
        }
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    /** The claims for the terminal. */
    String claimLines() {
        return sections.stream()
                .map(section -> section.title()
                        + section.claims().stream()
                                .map(claim -> System.lineSeparator() + claim)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(System.lineSeparator().repeat(2)));
    }
}
