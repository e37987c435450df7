package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.Locale;

/** Times as tables have them. */
final class Milliseconds {
    private static final int DIGITS = 3;

    private Milliseconds() {}

    /** Three significant digits: {@code 0.0157}, {@code 1.24}, {@code 521}. */
    static String text(double nanoseconds) {
        double milliseconds = nanoseconds / 1e6;
        int wholeDigits = 1 + (int) Math.floor(Math.log10(milliseconds));
        return String.format(Locale.ROOT, "%." + Math.max(0, DIGITS - wholeDigits) + "f", milliseconds);
    }
}
