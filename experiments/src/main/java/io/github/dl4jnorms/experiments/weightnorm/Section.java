package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A part of the report: one idea, the numbers that show it, and the claims that they hold. */
interface Section {
    String title();

    List<Claim> claims();

    /** Writes the section's pictures and tables into the folder, and itself into the report. */
    void addTo(HtmlReport report, Path out) throws IOException;
}
