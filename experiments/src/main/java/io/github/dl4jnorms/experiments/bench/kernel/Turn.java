package io.github.dl4jnorms.experiments.bench.kernel;

/**
 * A peer's turn at some work. As a line: {@code ours;layer forward 32x768;20;3;50}.
 *
 * @param peer         a name
 * @param work         what to do
 * @param warmUp       milliseconds that are not measured
 * @param iterations   measured
 * @param milliseconds of each iteration, which does the work at least once
 */
record Turn(String peer, Work work, int warmUp, int iterations, int milliseconds) {
    /** The answer of a peer that does not do this work. */
    static final String NOT_TAKEN = "not taken";

    /** The first word of an answer whose times are those of the forward and the backward pass together. */
    static final String BOTH = "both";

    static Turn parse(String line) {
        String[] fields = line.split(";");
        if (fields.length != 5) {
            throw new IllegalArgumentException("turn: takes 5 fields, received " + line);
        }
        return new Turn(
                fields[0],
                Work.parse(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                Integer.parseInt(fields[4]));
    }

    @Override
    public String toString() {
        return peer + ";" + work + ";" + warmUp + ";" + iterations + ";" + milliseconds;
    }
}
