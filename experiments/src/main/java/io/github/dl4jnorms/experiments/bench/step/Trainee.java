package io.github.dl4jnorms.experiments.bench.step;

/** A network on its one batch. */
interface Trainee extends AutoCloseable {
    /** Its number of parameters, buffers included. */
    long parameters();

    /** One training step: forward, backward, update. Returns the milliseconds it took. */
    double step();

    /** The loss in the last step. */
    double loss();

    /** What computes it, where that is another process; else empty. */
    default String about() {
        return "";
    }

    @Override
    default void close() {}
}
