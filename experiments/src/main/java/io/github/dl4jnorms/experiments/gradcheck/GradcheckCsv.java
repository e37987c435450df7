package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** {@code gradcheck.csv}: a row for each case. */
final class GradcheckCsv {
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader("layer", "layout", "variant", "checked", "worst", "max_relative_error", "result", "faults")
            .setRecordSeparator('\n')
            .get();

    private GradcheckCsv() {}

    static void write(Path csv, List<Outcome> outcomes) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (Outcome outcome : outcomes) {
                printer.printRecord(
                        outcome.subject().layer(),
                        outcome.subject().layout(),
                        outcome.subject().variant(),
                        outcome.checked(),
                        outcome.worst(),
                        String.format(Locale.ROOT, "%.3e", outcome.error()),
                        outcome.verdict(),
                        String.join("; ", outcome.faults()));
            }
        }
        AtomicFiles.write(csv, text.toString());
    }
}
