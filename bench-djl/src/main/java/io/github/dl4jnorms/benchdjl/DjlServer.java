package io.github.dl4jnorms.benchdjl;

import ai.djl.engine.Engine;
import io.github.dl4jnorms.experiments.bench.kernel.KernelServer;
import io.github.dl4jnorms.experiments.bench.process.PeerServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that {@code ./norms bench} asks: besides turns at kernels, {@code resnet50;size;batch;classes;seed} makes the
 * network and answers its number of parameters, and {@code step} makes a training step.
 */
public final class DjlServer {
    private ResNetStep step;

    private DjlServer() {}

    public static void main(String[] args) throws IOException {
        Engine engine = Engine.getInstance();
        PeerServer.serve(
                "DJL " + Engine.getDjlVersion() + ", libtorch " + engine.getVersion() + ", memory from " + malloc(),
                new DjlServer()::answer);
    }

    private String answer(String line) {
        String[] fields = line.split(";");
        switch (fields[0]) {
            case "resnet50":
                step = new ResNetStep(
                        Integer.parseInt(fields[1]),
                        Integer.parseInt(fields[2]),
                        Integer.parseInt(fields[3]),
                        Long.parseLong(fields[4]));
                return Long.toString(step.parameters());
            case "step":
                return step.run();
            default:
                return KernelServer.answer(line);
        }
    }

    private static String malloc() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        boolean jemalloc = Files.isReadable(maps) && Files.readString(maps).contains("jemalloc");
        return jemalloc ? "jemalloc" : "the system's malloc";
    }
}
