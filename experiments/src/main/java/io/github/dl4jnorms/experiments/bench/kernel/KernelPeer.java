package io.github.dl4jnorms.experiments.bench.kernel;

/**
 * Something that can compute norms, or copy as many bytes. Those that Java's service loader finds are measured beside those that
 * are built in.
 */
public interface KernelPeer {
    /** In tables, files and on the command line. */
    String name();

    /** Whether it knows this norm, and at this size takes a time that is bearable. */
    boolean takes(Work work);

    /**
     * Makes the arrays, and computes what the backward pass takes from the forward one.
     *
     * @return does the work once, into arrays that are used again and again
     */
    Runnable prepare(Work work);

    /** Whether its backward pass can only be run together with the forward one, whose time is to be taken off. */
    default boolean backwardIncludesForward() {
        return false;
    }
}
