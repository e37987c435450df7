package io.github.dl4jnorms.experiments.bench.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JVM with this one's options. */
public final class JavaProcess {
    private JavaProcess() {}

    /**
     * Starts one with this one's class path, and waits until it is ready.
     *
     * @param main    its main class
     * @param options of Java, after this one's
     */
    public static PeerProcess start(Class<?> main, List<String> options, Path log) {
        return start(main.getName(), options, System.getProperty("java.class.path"), Map.of(), log);
    }

    static PeerProcess start(
            String main, List<String> options, String classPath, Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        return PeerProcess.start(command, environment, log);
    }
}
