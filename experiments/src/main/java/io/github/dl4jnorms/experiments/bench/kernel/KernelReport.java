package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Standing;
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

/** The kernels' part of the report. */
public final class KernelReport implements Section {
    private static final String NONE = "–";

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
                                + " others, in %d rounds, after some that are not counted; each is in a process of its own kind that"
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
        tables().forEach(table -> report.table(table.title() + ", median milliseconds", table.header(), table.rows()));
        report.paragraph(
                "nd4j is ND4J's operation layer_norm; composed is the norm in ND4J's operations, in a SameDiff graph;"
                        + " dl4j-bn is DL4J's layer BatchNormalization; layer is ours as DL4J's networks run it; scalar is ours"
                        + " in plain loops. The backward pass of composed, dl4j-bn, layer and djl is the time of both passes less"
                        + " that of the forward one; bench.csv has that of both, and beside layer's that of the bare operations,"
                        + " one after the other. PyTorch's and DJL's RMSNorm is"
                        + " composed of operations, and DJL has no GroupNorm and InstanceNorm.");
        times.peers().forEach((name, standing) -> {
            if (!standing.there() || name.equals(KernelBench.TORCH) || name.equals(KernelBench.DJL)) {
                report.paragraph(name + ": " + standing.text() + ".");
            }
        });
    }

    @Override
    public String summary() {
        StringBuilder text =
                new StringBuilder("kernels, median milliseconds; q1, q3 and the ratio to memcpy are of ours\n");
        tables().forEach(table -> text.append('\n')
                .append(table.title())
                .append('\n')
                .append(TextTable.of(1, table.header(), table.rows())));
        times.peers().forEach((name, standing) -> {
            if (!standing.there()) {
                text.append(name).append(": ").append(standing.text()).append('\n');
            }
        });
        return text.toString();
    }

    private record Table(String title, List<String> header, List<List<String>> rows) {}

    /** A table for each norm and direction, with a column for each peer that knows it, or would if it were there. */
    private List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            for (Direction direction : Direction.values()) {
                List<Work> works = times.works().stream()
                        .filter(work -> work.norm() == norm && work.direction() == direction)
                        .toList();
                if (!works.isEmpty()) {
                    tables.add(table(norm.title() + " " + direction, works));
                }
            }
        }
        return tables;
    }

    private Table table(String title, List<Work> works) {
        List<String> others = times.peers().keySet().stream()
                .filter(peer -> !peer.equals(KernelBench.MEMCPY) && !peer.equals(KernelBench.OURS))
                .filter(peer -> !times.peers().get(peer).there()
                        || works.stream()
                                .anyMatch(work -> times.median(peer, work).isPresent()))
                .toList();
        List<String> header = new ArrayList<>(List.of("Shape", "memcpy", "ours", "q1", "q3", "ratio"));
        header.addAll(others);
        return new Table(
                title, header, works.stream().map(work -> row(work, others)).toList());
    }

    private List<String> row(Work work, List<String> others) {
        Optional<Samples> ours = times.time(KernelBench.OURS, work).map(Time::nanoseconds);
        List<String> row = new ArrayList<>(List.of(
                work.shape().toString(),
                times.limit(work).map(Milliseconds::text).orElse(NONE),
                cell(KernelBench.OURS, work),
                ours.map(samples -> Milliseconds.text(samples.q1())).orElse(NONE),
                ours.map(samples -> Milliseconds.text(samples.q3())).orElse(NONE),
                times.ratio(KernelBench.OURS, KernelBench.MEMCPY, work)
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .orElse(NONE)));
        others.forEach(peer -> row.add(cell(peer, work)));
        return row;
    }

    /** Of a peer that is not there, why, in short. */
    private String cell(String peer, Work work) {
        Standing standing = times.peers().getOrDefault(peer, new Standing(true, ""));
        return standing.there()
                ? times.median(peer, work).map(Milliseconds::text).orElse(NONE)
                : standing.text().replaceAll("[,:].*", "");
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
