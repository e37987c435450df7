package io.github.dl4jnorms.experiments.bench.kernel;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The limit: copies x with the system's {@code memcpy}, each of as many threads as ND4J has taking a part. The norm and the
 * direction of the work make no difference.
 */
final class MemcpyPeer implements KernelPeer {
    static final String NAME = "memcpy";

    /** Below, one thread is done before another has woken up. */
    private static final long SMALL = 1 << 18;

    private static final int PAGE = 4096;

    private ForkJoinPool pool;

    /** One thread's part. */
    private record Part(Pointer from, Pointer to, long bytes) implements Runnable {
        @Override
        public void run() {
            Pointer.memcpy(to, from, bytes);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Work work) {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        ForkJoinPool pool = threads();
        INDArray x = Recycled.array(Recycled.Role.X, work.shape());
        INDArray y = Recycled.array(Recycled.Role.OUT, work.shape());
        long bytes = work.shape().bytes();
        long each = bytes < SMALL ? bytes : bytes / pool.getParallelism() / PAGE * PAGE + PAGE;
        List<Part> parts = new ArrayList<>();
        for (long from = 0; from < bytes; from += each) {
            parts.add(new Part(
                    Recycled.at(x, from / Float.BYTES),
                    Recycled.at(y, from / Float.BYTES),
                    Math.min(each, bytes - from)));
        }
        return () -> {
            List<ForkJoinTask<?>> others = new ArrayList<>();
            parts.subList(1, parts.size()).forEach(part -> others.add(pool.submit(part)));
            parts.get(0).run();
            others.forEach(ForkJoinTask::join);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        };
    }

    /** Made when it is first needed: a process of DJL's has this peer too, but no need of ND4J. */
    private ForkJoinPool threads() {
        if (pool == null) {
            pool = new ForkJoinPool(Nd4j.getEnvironment().maxThreads());
        }
        return pool;
    }
}
