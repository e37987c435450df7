package io.github.dl4jnorms.experiments.bench.process;

/** A peer that cannot be measured; the message says why, in one line. */
public final class PeerException extends RuntimeException {
    public PeerException(String message) {
        super(message);
    }
}
