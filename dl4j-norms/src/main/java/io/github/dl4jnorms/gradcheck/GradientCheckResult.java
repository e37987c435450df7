package io.github.dl4jnorms.gradcheck;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@link GradientCheck} has found.
 *
 * @param name the check's
 * @param arrays a row for each parameter, then for each input
 * @param buffers names of the parameters that no gradient trains, which were left out
 * @param faults what is wrong beside the numbers, a sentence each; begins with the array's name
 * @param limit the largest relative error allowed
 */
public record GradientCheckResult(
        String name, List<ArrayResult> arrays, List<String> buffers, List<String> faults, double limit) {

    public GradientCheckResult {
        arrays = List.copyOf(arrays);
        buffers = List.copyOf(buffers);
        faults = List.copyOf(faults);
    }

    /** Whether no error is over the limit and there is no fault. */
    public boolean passed() {
        return faults.isEmpty() && maxRelativeError() <= limit;
    }

    /** The parameter or input with the largest error; empty if there was none to check. */
    public Optional<ArrayResult> worst() {
        return arrays.stream().max(Comparator.comparingDouble(ArrayResult::maxRelativeError));
    }

    /** The largest error, 0 if there was nothing to check. */
    public double maxRelativeError() {
        return worst().map(ArrayResult::maxRelativeError).orElse(0.0);
    }

    /** Entries compared, of all arrays. */
    public int checked() {
        return arrays.stream().mapToInt(ArrayResult::checked).sum();
    }

    /** The verdict, and a line for each array, fault and buffer. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "%s: %s, %d entries, limit %.0e", name, passed() ? "PASS" : "FAIL", checked(), limit);
        int width = arrays.stream().mapToInt(a -> a.name().length()).max().orElse(0);
        String row = "  %-" + Math.max(width, 5) + "s  %13s  %9s  %-14s  %15s  %15s  %s";
        line(text, row, "array", "checked", "error", "worst at", "analytic", "numeric", "");
        for (ArrayResult array : arrays) {
            line(
                    text,
                    row,
                    array.name(),
                    array.checked() + " of " + array.length(),
                    String.format(Locale.ROOT, "%.2e", array.maxRelativeError()),
                    array.worstIndex(),
                    String.format(Locale.ROOT, "%.9g", array.analytic()),
                    String.format(Locale.ROOT, "%.9g", array.numeric()),
                    array.maxRelativeError() <= limit ? "" : "<-- wrong");
        }
        faults.forEach(fault -> line(text, "  %s", fault));
        if (!buffers.isEmpty()) {
            line(text, "  not trained, left out: %s", String.join(", ", buffers));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
