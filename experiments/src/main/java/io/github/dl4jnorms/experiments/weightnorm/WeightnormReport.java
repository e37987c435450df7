package io.github.dl4jnorms.experiments.weightnorm;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page of {@code ./norms weightnorm}. */
final class WeightnormReport {
    private final Path out;
    private final List<Section> sections;

    WeightnormReport(Path out, List<Section> sections) {
        this.out = out;
        this.sections = sections;
    }

    /** Writes the pictures, the CSV files and {@code report.html}, and returns the latter's path. */
    Path write(Provenance provenance) throws IOException {
        HtmlReport report = new HtmlReport(
                "Weight normalization and spectral normalization",
                "Two norms that work on a layer's weight instead of its activations, so that nothing depends on the batch."
                        + " Weight normalization learns each row's length and direction apart. Spectral normalization"
                        + " holds the largest singular value at 1, and with it the whole network's Lipschitz constant. "
                        + summary());
        for (Section section : sections) {
            report.heading(section.title());
            section.addTo(report, out);
        }
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    private String summary() {
        List<Claim> claims = claims();
        return text(
                "%d claims are tested below, %d hold.",
                claims.size(), claims.stream().filter(Claim::holds).count());
    }

    private List<Claim> claims() {
        return sections.stream().flatMap(section -> section.claims().stream()).toList();
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
