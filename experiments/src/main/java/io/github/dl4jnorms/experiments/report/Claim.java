package io.github.dl4jnorms.experiments.report;

/**
 * A statement that an experiment tests.
 *
 * @param text     the statement
 * @param holds    what the numbers say about it
 * @param evidence the numbers
 */
public record Claim(String text, boolean holds, String evidence) {
    /** Two lines for the terminal. */
    @Override
    public String toString() {
        return (holds ? "holds:     " : "DOES NOT:  ") + text + System.lineSeparator() + "           " + evidence;
    }
}
