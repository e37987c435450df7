package io.github.dl4jnorms.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

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
        // the old pool may be in use by another thread; without work its threads end by themselves
        pool = new ForkJoinPool(threads);
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
        AtomicInteger next = new AtomicInteger();
        // a pool hands an exception on as a copy, with another message: ours is handed on by ourselves
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable worker = () -> {
            try {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    task.accept(i);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        };
        // the calling thread works too: it need not wake up, and has the data of the last operation in its cache
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(pool.getParallelism(), count); i++) {
            others.add(pool.submit(worker));
        }
        worker.run();
        others.forEach(ForkJoinTask::join);
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
        if (failure.get() instanceof Error e) {
            throw e;
        }
    }
}
