package io.github.dl4jnorms.experiments;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far an experiment is: a bar with an ETA on a terminal (standard error), a plain line for each finished piece of
 * work anywhere else (standard output).
 *
 * <p>Whether there is a terminal is the launcher's answer, the system property {@code norms.terminal}: the shell's
 * {@code test -t} asks {@code isatty}, while {@code System.console()} means different things before and since Java 22.
 */
public final class Progress implements AutoCloseable {
    private final long total;
    private final PrintStream out;
    private final ProgressBar bar;
    private final long started = System.nanoTime();
    private long done;

    /**
     * @param task  the name in front of the bar
     * @param total units of work in all, at least 0
     */
    public static Progress start(String task, long total) {
        return new Progress(task, total, System.out, Boolean.getBoolean("norms.terminal"));
    }

    Progress(String task, long total, PrintStream out, boolean terminal) {
        this.total = total;
        this.out = out;
        this.bar = terminal
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                        .setUpdateIntervalMillis(500)
                        .build()
                : null;
    }

    /** {@code units} more are done. */
    public void step(long units) {
        done += units;
        if (bar != null) {
            bar.stepBy(units);
        }
    }

    /** A piece of work is finished: a line of its own, or what the bar says until the next one. */
    public void line(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        } else {
            out.println(text + eta());
        }
    }

    private String eta() {
        if (done == 0 || done >= total) {
            return "";
        }
        double left = (System.nanoTime() - started) / 1e9 / done * (total - done);
        return "  (ETA " + format(Duration.ofSeconds(Math.round(left))) + ")";
    }

    /** {@code 45 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
    public static String format(Duration time) {
        if (time.toHours() > 0) {
            return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart())
                : time.toSeconds() + " s";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
