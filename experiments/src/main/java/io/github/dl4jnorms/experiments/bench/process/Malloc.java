package io.github.dl4jnorms.experiments.bench.process;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment in which a process of libtorch's gets the memory of its results back from {@code malloc}, as we get it from
 * the arrays that we write into: fresh pages cost it several times the norm itself. That is jemalloc where it is installed, told
 * to keep its pages; else the C library's {@code malloc}, told the same.
 */
public final class Malloc {
    /** Found by the dynamic linker, or left out with a line in the log. */
    private static final String JEMALLOC = "libjemalloc.so.2";

    private Malloc() {}

    public static Map<String, String> keepingPages() {
        Map<String, String> environment = new HashMap<>();
        environment.put("LD_PRELOAD", JEMALLOC);
        environment.put("MALLOC_CONF", "dirty_decay_ms:-1,muzzy_decay_ms:-1");
        environment.put("MALLOC_MMAP_MAX_", "0");
        environment.put("MALLOC_TRIM_THRESHOLD_", "17179869184");
        environment.put("MALLOC_ARENA_MAX", "1");
        return environment;
    }
}
