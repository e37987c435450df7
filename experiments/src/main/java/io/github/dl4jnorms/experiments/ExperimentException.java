package io.github.dl4jnorms.experiments;

/** An experiment that could not be finished; the message is the one line its user reads. */
public final class ExperimentException extends RuntimeException {
    public ExperimentException(String message) {
        super(message);
    }

    public ExperimentException(String message, Throwable cause) {
        super(message, cause);
    }
}
