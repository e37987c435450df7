package io.github.dl4jnorms.experiments.report;

import java.util.Locale;

/** Numbers in words, the same in every country. */
public final class Text {
    private Text() {}

    public static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
