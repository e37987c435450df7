package io.github.dl4jnorms.experiments.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A part of the report: one idea, the numbers that show it, and the claims that they hold. */
public interface Section {
    String title();

    List<Claim> claims();

    /** Writes the section's pictures and tables into the folder, and itself into the report. */
    void addTo(HtmlReport report, Path out) throws IOException;
}
