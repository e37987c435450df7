package io.github.dl4jnorms.experiments.weightnorm;

import java.util.Locale;

/** Numbers in words, the same in every country. */
final class Text {
    private Text() {}

    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
