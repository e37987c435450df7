package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** {@code bench.csv}: a row for each thing measured and peer; a cell is empty where a measure makes no sense. */
final class BenchCsv {
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader(
                    "section",
                    "what",
                    "peer",
                    "median_ms",
                    "q1_ms",
                    "q3_ms",
                    "samples",
                    "gb_per_second",
                    "baseline",
                    "ratio")
            .setRecordSeparator('\n')
            .get();

    private BenchCsv() {}

    static void write(Path csv, List<Row> rows) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (Row row : rows) {
                printer.printRecord(
                        row.section(),
                        row.what(),
                        row.peer(),
                        number("%.5f", row.milliseconds().median()),
                        number("%.5f", row.milliseconds().q1()),
                        number("%.5f", row.milliseconds().q3()),
                        row.milliseconds().count(),
                        number("%.3f", row.gigabytesPerSecond()),
                        row.baseline(),
                        number("%.4f", row.ratio()));
            }
        }
        AtomicFiles.write(csv, text.toString());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String number(String format, OptionalDouble value) {
        return value.isPresent() ? number(format, value.getAsDouble()) : "";
    }
}
