package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Tables as files, numbers with all their digits. */
final class Csv {
    private Csv() {}

    static void write(Path csv, List<String> header, List<? extends List<?>> rows) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(header.toArray(String[]::new))
                .setRecordSeparator('\n')
                .get();
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, format)) {
            printer.printRecords(rows);
        }
        AtomicFiles.write(csv, text.toString());
    }
}
