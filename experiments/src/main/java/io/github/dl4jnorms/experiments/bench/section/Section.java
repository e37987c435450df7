package io.github.dl4jnorms.experiments.bench.section;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The results of a part of the benchmark, in every form that they are given in. */
public interface Section {
    List<Claim> claims();

    /** Adds headings, pictures and tables to the page; the pictures, and files of its own, are written to the folder. */
    void addTo(HtmlReport report, Path out) throws IOException;

    /** A table for the terminal. */
    String summary();

    /** Rows of {@code bench.csv}. */
    List<Row> rows();
}
