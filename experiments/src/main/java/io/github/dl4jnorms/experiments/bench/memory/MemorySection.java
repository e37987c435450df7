package io.github.dl4jnorms.experiments.bench.memory;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.memory.Trace.Point;
import io.github.dl4jnorms.experiments.bench.process.JavaProcess;
import io.github.dl4jnorms.experiments.bench.process.PeerProcess;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.report.AtomicFiles;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The memory outside the heap over the steps of a training. */
public final class MemorySection implements Section {
    /** Steps in which memory may grow. */
    static final int SETTLED = 50;

    private static final int STEPS = 500;
    private static final int QUICK_STEPS = 100;
    private static final double MEBIBYTE = 1 << 20;

    /** Small arrays that wait for the garbage collector may come on top of what the first steps have taken. */
    private static final long WAITING = 1 << 20;

    /** Of the whole process: Java's compilers take theirs late. One activation left behind by each step would be 1.7. */
    private static final double RESIDENT_GROWTH = 1.15;

    /** All of the heap is in the machine's memory from the start, so that its growth is not seen in the process's. */
    private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    private final Trace trace;

    MemorySection(Trace trace) {
        this.trace = trace;
    }

    /** Trains a small network that has every norm for 500 steps, or 100, in a process of its own. */
    public static MemorySection measure(boolean quick, long seed, Path logs) {
        List<String> options = new ArrayList<>(HEAP);
        options.add("-Dseed=" + seed);
        int steps = quick ? QUICK_STEPS : STEPS;
        List<Point> points = new ArrayList<>();
        try (PeerProcess process = JavaProcess.start(MemoryServer.class, options, logs.resolve("memory.log"));
                Progress progress = Progress.start("memory", steps)) {
            for (int step = 0; step < steps; step++) {
                points.add(Point.parse(process.ask("step")));
                progress.step(1);
            }
            progress.line("memory: " + steps + " steps");
        }
        return new MemorySection(new Trace(points));
    }

    @Override
    public List<Claim> claims() {
        int steps = trace.steps();
        if (steps <= SETTLED) {
            return List.of();
        }
        long before = trace.most(Point::handedOut, 0, SETTLED);
        long after = trace.most(Point::handedOut, SETTLED, steps);
        long residentBefore = trace.most(Point::resident, 0, SETTLED);
        long residentAfter = trace.most(Point::resident, SETTLED, steps);
        return List.of(new Claim(
                "The memory outside the heap is flat after step " + SETTLED + " of " + steps,
                after <= before + WAITING && residentAfter <= RESIDENT_GROWTH * residentBefore,
                String.format(
                        Locale.ROOT,
                        "handed out at most %.1f MiB until then and %.1f MiB after; the whole process %.0f MiB and %.0f MiB",
                        before / MEBIBYTE,
                        after / MEBIBYTE,
                        residentBefore / MEBIBYTE,
                        residentAfter / MEBIBYTE)));
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        AtomicFiles.write(
                out.resolve("memory.csv"),
                IntStream.range(0, trace.steps())
                        .mapToObj(i -> (i + 1) + "," + trace.points().get(i) + "\n")
                        .collect(Collectors.joining(
                                "", "step,workspace_bytes,other_native_bytes,resident_bytes\n", "")));
        Path png = out.resolve("memory.png");
        Plots.saveGrid(
                List.of(
                        MemoryPlot.of(
                                "Handed out outside the heap",
                                List.of(
                                        series("all", Point::handedOut, 1),
                                        series("in workspaces", Point::workspaces, 0))),
                        MemoryPlot.of("The whole process", List.of(series("resident", Point::resident, 2)))),
                2,
                png);
        report.heading("Memory over a training")
                .paragraph(
                        "A small network with a convolution before each of BatchNorm, GroupNorm, InstanceNorm, LayerNorm and"
                                + " RMSNorm is trained in a process of its own. After each step it reads what ND4J's workspaces hold,"
                                + " which a step uses again from its start, what else JavaCPP has handed out, and how much of the process"
                                + " is in the machine's memory: the heap, a fixed 256 MiB, Java's compilers and their code, and all of"
                                + " the natives' memory. What a step left behind would show as a rising line.")
                .figure("Memory after each step; flat is good. memory.csv has the numbers.", png);
    }

    private Series series(String name, ToLongFunction<Point> bytes, int color) {
        return new Series(
                name,
                IntStream.rangeClosed(1, trace.steps()).asDoubleStream().toArray(),
                trace.points().stream()
                        .mapToDouble(point -> bytes.applyAsLong(point) / MEBIBYTE)
                        .toArray(),
                color);
    }

    @Override
    public String summary() {
        Point first = trace.points().get(0);
        Point last = trace.points().get(trace.steps() - 1);
        return String.format(
                Locale.ROOT,
                "memory, MiB after step 1 and %d: %.1f and %.1f handed out, %.0f and %.0f resident%n",
                trace.steps(),
                first.handedOut() / MEBIBYTE,
                last.handedOut() / MEBIBYTE,
                first.resident() / MEBIBYTE,
                last.resident() / MEBIBYTE);
    }

    @Override
    public List<Row> rows() {
        return List.of();
    }
}
