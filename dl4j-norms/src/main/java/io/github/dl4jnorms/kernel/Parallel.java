package io.github.dl4jnorms.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Runs the parts of a kernel on a pool of threads that live as long as the program. */
public final class Parallel {

    private static volatile ForkJoinPool pool;

    private Parallel() {}

    /**
     * Sets how many threads run kernels.
     *
     * @param threads at least 1; until the first call, the number of processors
     */
    public static synchronized void threads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: takes at least 1, received " + threads);
        }
        if (pool != null && pool.getParallelism() == threads) {
            return;
        }
        ForkJoinPool old = pool;
        pool = new ForkJoinPool(threads);
        if (old != null) {
            old.shutdown();
        }
    }

    /**
     * Calls {@code task} with each of 0 … count − 1.
     *
     * @param work elements touched in all: small work stays on the calling thread, where it ends sooner
     */
    static void forEach(int count, long work, IntConsumer task) {
        if (count < 2 || work < 1 << 14) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        if (pool == null) {
            threads(Runtime.getRuntime().availableProcessors());
        }
        pool.invoke(new java.util.concurrent.RecursiveAction() {
            @Override
            protected void compute() {
                IntStream.range(0, count).parallel().forEach(task);
            }
        });
    }
}
