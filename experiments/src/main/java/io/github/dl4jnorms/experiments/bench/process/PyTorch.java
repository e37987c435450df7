package io.github.dl4jnorms.experiments.bench.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** PyTorch, in the first {@code python3} of the PATH that has it; {@code torch_peer.py} says what can be asked. */
public final class PyTorch {
    /** In the greeting of one that has no better library. */
    public static final String REFERENCE_BLAS = "the slow reference BLAS";

    private PyTorch() {}

    /**
     * Starts it and waits until it is ready.
     *
     * @param threads that it computes with
     * @throws PeerException where there is none
     */
    public static PeerProcess start(int threads, Path log) {
        Map<String, String> environment = Malloc.keepingPages();
        environment.put("OPENBLAS_NUM_THREADS", Integer.toString(threads)); // it may have threads of its own
        List<Path> pythons = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "python3"))
                .filter(Files::isExecutable)
                .toList();
        for (Path python : pythons) {
            try {
                List<String> command = List.of(python.toString(), "-c", script(), Integer.toString(threads));
                return PeerProcess.start(command, environment, log);
            } catch (PeerException e) {
                // this one lacks it
            }
        }
        throw new PeerException("not installed");
    }

    private static String script() {
        try (InputStream in = PyTorch.class.getResourceAsStream("torch_peer.py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
