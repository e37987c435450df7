package io.github.dl4jnorms.experiments.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;

/** The computer that an experiment runs on. */
public final class Machine {
    private Machine() {}

    /** The processor's model where Linux tells it, else its architecture. */
    public static String cpu() {
        return field(Path.of("/proc/cpuinfo"), "model name").orElseGet(() -> System.getProperty("os.arch"));
    }

    public static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Bytes of memory: the container's where there is a limit, else the machine's. */
    public static long memory() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
    }

    /**
     * The largest resident memory of this process so far, in bytes, native memory included: {@code VmHWM} on Linux.
     * Elsewhere what JavaCPP sees resident at this moment, a lower bound.
     */
    public static long peakResidentBytes() {
        return field(Path.of("/proc/self/status"), "VmHWM")
                .map(text -> Long.parseLong(text.replaceAll("\\D", "")) * 1024)
                .orElseGet(Pointer::physicalBytes);
    }

    /** {@code 1.50 GB}, decimal. */
    public static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    private static Optional<String> field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
