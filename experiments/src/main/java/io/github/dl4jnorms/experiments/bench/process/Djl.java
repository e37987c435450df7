package io.github.dl4jnorms.experiments.bench.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** DJL with libtorch: a module of its own, {@code bench-djl}, which only Maven's profile {@code djl} builds. */
public final class Djl {
    private static final String MAIN = "io.github.dl4jnorms.benchdjl.DjlServer";

    private Djl() {}

    /** The module's class path, where it was built: the launcher says where the project is. */
    public static Optional<List<String>> classPath() {
        Path target = Path.of(System.getProperty("norms.home", ""), "bench-djl", "target");
        Path list = target.resolve("classpath.txt");
        if (!Files.isRegularFile(list)) {
            return Optional.empty();
        }
        try {
            return Optional.of(List.of(
                    target.resolve("classes").toString(), Files.readString(list).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param threads that it computes with
     * @throws PeerException where it was not built
     */
    public static PeerProcess start(Optional<List<String>> classPath, int threads, Path log) {
        List<String> path = classPath.orElseThrow(() -> new PeerException("not built, see -Pdjl in README.md"));
        // its natives are on the class path: it need not look for others
        List<String> options = List.of("-Dai.djl.pytorch.num_threads=" + threads, "-Dai.djl.offline=true");
        return JavaProcess.start(MAIN, options, String.join(File.pathSeparator, path), Malloc.keepingPages(), log);
    }
}
