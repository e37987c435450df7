package io.github.dl4jnorms.experiments.report;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A table as a CSV file: RFC 4180 with plain line feeds. */
public final class CsvFile {
    private CsvFile() {}

    /** Writes the header and the rows, which take as many cells as it; a cell is written as {@code toString} has it. */
    public static void write(Path csv, List<String> header, List<? extends List<?>> rows) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(header.toArray(String[]::new))
                .setRecordSeparator('\n')
                .get();
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, format)) {
            for (List<?> row : rows) {
                if (row.size() != header.size()) {
                    throw new IllegalArgumentException(
                            "rows: takes " + header.size() + " cells a row as the header has, received " + row);
                }
                printer.printRecord(row);
            }
        }
        AtomicFiles.write(csv, text.toString());
    }
}
