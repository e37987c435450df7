package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Time;
import io.github.dl4jnorms.experiments.bench.kernel.Work.Direction;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.bench.section.TextTable;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The kernels' part of the report. */
public final class KernelReport implements Section {
    private static final List<String> HEADER = List.of(
            "Norm", "Shape", "memcpy", "ours", "q1–q3", "× memcpy", "GB/s", "scalar", "torch", "djl", "ND4J, DL4J");

    private final KernelTimes times;
    private final KernelSettings settings;

    public KernelReport(KernelTimes times, KernelSettings settings) {
        this.times = times;
        this.settings = settings;
    }

    @Override
    public List<Claim> claims() {
        return KernelClaims.judge(times);
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        report.heading("Kernels")
                .paragraph(
                        "A norm moves bytes. Forward it must read x and write y; backward, read x and dy and write dx: no"
                                + " less, so that the time of a memcpy is the limit of what can be reached. "
                                + "y = γ (x − mean) / √(variance + ε) + β; the norms differ in what the mean and the variance are"
                                + " taken over (LayerNorm, arXiv:1607.06450, and RMSNorm, arXiv:1910.07467: a row; GroupNorm,"
                                + " arXiv:1803.08494: a group of an example's channels; InstanceNorm, arXiv:1607.08022: one channel"
                                + " of an example; BatchNorm in training, arXiv:1502.03167: a channel over the batch).")
                .paragraph(String.format(
                        Locale.ROOT,
                        "JMH measures the mean time of an iteration of %d ms; a turn is %d iterations, or a single call where"
                                + " one takes longer than 150 ms. Every peer has its turn at the same work directly after the"
                                + " others, in %d rounds, after one that is not counted; each is in a process of its own kind that"
                                + " sleeps meanwhile. Medians are over all rounds. All work on float, with the same number of"
                                + " threads, in memory that is used again and again: ours writes into given arrays, and PyTorch"
                                + " gets the memory of its last result back from malloc.",
                        settings.iterationMilliseconds(),
                        settings.iterations(),
                        settings.rounds()));
        Path png = out.resolve("roofline.png");
        KernelPlots.save(times, png);
        report.figure(
                "Gigabytes that must be moved, a second, over the size of x. The dashed line is memcpy, reading and writing as"
                        + " many: above it there is nothing but caches. Higher is better.",
                png);
        for (Direction direction : Direction.values()) {
            report.table("Median milliseconds of a float norm, " + direction, HEADER, rows(direction));
        }
        report.paragraph(
                "The last column is ND4J's layer_norm for LayerNorm, its operations composed in a SameDiff graph for"
                        + " RMSNorm and GroupNorm, and DL4J's layer BatchNormalization for BatchNorm; the backward pass of these"
                        + " two, and of djl, is the time of both passes less that of the forward one. PyTorch has no RMSNorm of its"
                        + " own in this version: it is composed there.");
        times.peers().forEach((name, standing) -> {
            if (!standing.there() || name.equals(KernelBench.TORCH) || name.equals(KernelBench.DJL)) {
                report.paragraph(name + ": " + standing.text() + ".");
            }
        });
    }

    @Override
    public String summary() {
        StringBuilder text = new StringBuilder();
        for (Direction direction : Direction.values()) {
            text.append("kernels ").append(direction).append(", median ms\n");
            text.append(TextTable.of(2, HEADER, rows(direction)));
        }
        times.peers().forEach((name, standing) -> {
            if (!standing.there()) {
                text.append(name).append(": ").append(standing.text()).append('\n');
            }
        });
        return text.toString();
    }

    private List<List<String>> rows(Direction direction) {
        List<List<String>> rows = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            times.works().stream()
                    .filter(work -> work.norm() == norm && work.direction() == direction)
                    .forEach(work -> rows.add(row(work)));
        }
        return rows;
    }

    private List<String> row(Work work) {
        return List.of(
                work.norm().title(),
                work.shape().toString(),
                times.limit(work).map(Milliseconds::text).orElse("–"),
                cell(KernelBench.OURS, work),
                times.time(KernelBench.OURS, work).map(KernelReport::quartiles).orElse("–"),
                number("%.2f", times.ratio(KernelBench.OURS, KernelBench.MEMCPY, work)),
                number("%.1f", times.gigabytesPerSecond(KernelBench.OURS, work)),
                cell(KernelBench.SCALAR, work),
                cell(KernelBench.TORCH, work),
                cell(KernelBench.DJL, work),
                Stream.of(KernelBench.ND4J, KernelBench.COMPOSED, KernelBench.DL4J)
                        .map(peer -> cell(peer, work))
                        .filter(cell -> !cell.equals("–"))
                        .findFirst()
                        .orElse("–"));
    }

    private String cell(String peer, Work work) {
        return times.median(peer, work).map(Milliseconds::text).orElse("–");
    }

    private static String quartiles(Time time) {
        return Milliseconds.text(time.nanoseconds().q1()) + "–"
                + Milliseconds.text(time.nanoseconds().q3());
    }

    private static String number(String format, Optional<Double> value) {
        return value.map(v -> String.format(Locale.ROOT, format, v)).orElse("–");
    }

    /** What was measured, so of some peers both passes together. */
    @Override
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Work work : times.works()) {
            for (String peer : times.peers().keySet()) {
                times.time(peer, work).ifPresent(time -> rows.add(row(work, peer, time)));
            }
        }
        return rows;
    }

    private Row row(Work work, String peer, Time time) {
        double[] milliseconds = DoubleStream.of(time.nanoseconds().values())
                .map(nanoseconds -> nanoseconds / 1e6)
                .toArray();
        String what = time.both() ? work.toString().replace("backward", "forward+backward") : work.toString();
        return new Row(
                "kernel",
                what,
                peer,
                new Samples(milliseconds),
                optional(times.gigabytesPerSecond(peer, work)),
                KernelBench.MEMCPY,
                optional(times.ratio(peer, KernelBench.MEMCPY, work)));
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
