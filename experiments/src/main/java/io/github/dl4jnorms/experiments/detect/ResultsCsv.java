package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** {@code results.csv}: a row for each epoch of each run. */
final class ResultsCsv {
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader("norm", "batch_size", "seed", "epoch", "train_loss", "val_loss", "map50", "seconds")
            .setRecordSeparator('\n')
            .get();

    private ResultsCsv() {}

    /** Writes all runs, sorted by norm and batch size. */
    static void write(Path csv, Collection<RunResult> runs, long seed) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            for (RunResult run : runs) {
                for (EpochResult epoch : run.epochs()) {
                    printer.printRecord(
                            run.point().norm(),
                            run.point().batchSize(),
                            seed,
                            epoch.epoch(),
                            number(epoch.trainLoss()),
                            number(epoch.valLoss()),
                            number(epoch.map50()),
                            String.format(Locale.ROOT, "%.3f", epoch.seconds()));
                }
            }
        }
        AtomicFiles.write(csv, text.toString());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
