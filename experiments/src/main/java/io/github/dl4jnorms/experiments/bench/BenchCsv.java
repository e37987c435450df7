package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** {@code bench.csv}: a row for each thing measured and peer; times in milliseconds. */
final class BenchCsv {
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader("what", "peer", "median_ms", "q1_ms", "q3_ms", "steps", "ratio_to_zoo")
            .setRecordSeparator('\n')
            .get();

    private BenchCsv() {}

    /**
     * @param what     what the peers did
     * @param timings  of the peers
     * @param baseline the one that the others are compared with
     */
    static void write(Path csv, String what, List<Timing> timings, Timing baseline) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (Timing timing : timings) {
                printer.printRecord(
                        what,
                        timing.peer(),
                        number(timing.median()),
                        number(timing.q1()),
                        number(timing.q3()),
                        timing.steps(),
                        number(timing.median() / baseline.median()));
            }
        }
        AtomicFiles.write(csv, text.toString());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
