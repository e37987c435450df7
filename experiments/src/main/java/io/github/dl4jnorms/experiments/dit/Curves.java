package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Loss curves. */
final class Curves {
    private static final int WINDOW = 20;

    private Curves() {}

    /** A loss over the steps, each point the mean of the steps before it, as single batches of noise differ much. */
    static Series smooth(String name, double[] losses, int color) {
        int window = Math.max(1, Math.min(WINDOW, losses.length / 5));
        double[] steps =
                IntStream.rangeClosed(window, losses.length).asDoubleStream().toArray();
        double[] means = IntStream.rangeClosed(window, losses.length)
                .mapToDouble(end ->
                        Arrays.stream(losses, end - window, end).average().orElseThrow())
                .toArray();
        return new Series(name, steps, means, color, Series.Style.THIN);
    }

    /** A column for each curve. */
    static void csv(Path csv, List<Variant.Result> results, Function<Variant, String> name) throws IOException {
        List<String> header = new ArrayList<>(List.of("step"));
        results.forEach(result -> header.add(name.apply(result.variant())));
        List<List<Object>> rows = new ArrayList<>();
        for (int step = 0; step < results.get(0).losses().length; step++) {
            List<Object> row = new ArrayList<>(List.of(step + 1));
            for (Variant.Result result : results) {
                row.add(result.losses()[step]);
            }
            rows.add(row);
        }
        CsvFile.write(csv, header, rows);
    }
}
