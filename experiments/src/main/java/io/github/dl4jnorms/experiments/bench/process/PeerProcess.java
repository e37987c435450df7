package io.github.dl4jnorms.experiments.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that others than this one are measured in: it waits until it is asked, so that all peers take turns on a machine
 * that is otherwise idle. Questions and answers are lines; what else it prints is in its log.
 */
public final class PeerProcess implements AutoCloseable {
    /** Starts a line of answer, on an output that libraries may print to as well. */
    public static final String MARK = "norms-bench:";

    /** Starts the first answer, which nobody has asked for. */
    public static final String READY = "ready ";

    /** Starts an answer that is a reason. */
    public static final String FAILED = "failed ";

    private static final int SECONDS_TO_END = 10;

    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final Path log;
    private String greeting;

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a process and waits until it is ready.
     *
     * @param environment added to ours; null values are taken away from it
     * @param log         where its standard error goes
     * @throws PeerException when it ends instead
     */
    public static PeerProcess start(List<String> command, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
            environment.forEach((name, value) -> {
                if (value == null) {
                    builder.environment().remove(name);
                } else {
                    builder.environment().put(name, value);
                }
            });
            PeerProcess peer = new PeerProcess(builder.start(), log);
            String first = peer.answer();
            if (!first.startsWith(READY)) {
                peer.close();
                throw new PeerException("answered " + first);
            }
            peer.greeting = first.substring(READY.length());
            return peer;
        } catch (IOException e) {
            throw new PeerException(e.getMessage());
        }
    }

    /** What it said of itself when it was ready. */
    public String greeting() {
        return greeting;
    }

    /**
     * Asks and waits for the answer.
     *
     * @throws PeerException when it answers that it failed, or has ended
     */
    public String ask(String question) {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
        } catch (IOException e) {
            throw ended();
        }
        String answer = answer();
        if (answer.startsWith(FAILED)) {
            throw new PeerException(answer.substring(FAILED.length()));
        }
        return answer;
    }

    private String answer() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(MARK)) {
                    return line.substring(MARK.length());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw ended();
    }

    private PeerException ended() {
        close();
        return new PeerException("ended with exit code " + process.exitValue() + ", see " + log);
    }

    /** Ends the process: at the end of its questions, or by force where it does not see it. */
    @Override
    public void close() {
        try {
            questions.close();
        } catch (IOException e) {
            // it has ended
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
