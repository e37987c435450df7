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

    /** Elements that one thread is done with before another has woken up. */
    private static final long SMALL = 1 << 16;

    private static final int BLOCKS_PER_THREAD = 32;

    /** About a tenth of a millisecond: the others are nearly done, and to be woken up takes as long. */
    private static final int SPINS = 3000;

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

    /** How many threads run kernels, the calling one among them. */
    static int threads() {
        return pool().getParallelism();
    }

    /** Whether so many elements are worked on by the calling thread alone, which ends sooner than another wakes up. */
    static boolean isSmall(long work) {
        return work < SMALL;
    }

    private static ForkJoinPool pool() {
        if (pool == null) {
            threads(Runtime.getRuntime().availableProcessors());
        }
        return pool;
    }

    /**
     * Calls {@code task} with each of 0 … count − 1.
     *
     * @param work elements touched in all: {@link #isSmall small} work stays on the calling thread
     */
    public static void forEach(int count, long work, IntConsumer task) {
        if (count < 2 || isSmall(work)) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        ForkJoinPool workers = pool();
        // in blocks, so that threads do not queue for the counter when tasks are small
        int block = Math.max(1, count / (BLOCKS_PER_THREAD * workers.getParallelism()));
        AtomicInteger next = new AtomicInteger();
        // a pool hands an exception on as a copy, with another message: ours is handed on by ourselves
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable worker = () -> {
            try {
                for (int from = next.getAndAdd(block); from < count; from = next.getAndAdd(block)) {
                    for (int i = from; i < Math.min(from + block, count); i++) {
                        task.accept(i);
                    }
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        };
        // the calling thread works too: it need not wake up, and has the data of the last operation in its cache
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(workers.getParallelism(), count); i++) {
            others.add(workers.submit(worker));
        }
        worker.run();
        others.forEach(Parallel::join);
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
        if (failure.get() instanceof Error e) {
            throw e;
        }
    }

    private static void join(ForkJoinTask<?> task) {
        for (int i = 0; i < SPINS && !task.isDone(); i++) {
            Thread.onSpinWait();
        }
        task.join();
    }
}
