package io.github.dl4jnorms.experiments.layernorm;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies a row-major float array with as many threads as the norms take: what they would cost if they computed nothing. */
final class Copy {
    private Copy() {}

    static int threads() {
        return Nd4j.getEnvironment().maxThreads();
    }

    /** By the C library's memcpy, a share for each thread. */
    static void memcpy(INDArray from, INDArray to) {
        long bytes = from.length() * Float.BYTES;
        share(bytes, (start, count) -> {
            Pointer source = new BytePointer(from.data().pointer()).position(start);
            Pointer target = new BytePointer(to.data().pointer()).position(start);
            Pointer.memcpy(target, source, count);
        });
    }

    /** Row by row through an array of Java's, as the norms read and write. */
    static void rows(INDArray from, INDArray to) {
        int dim = (int) from.size(-1);
        FloatBuffer source = from.data().asNioFloat();
        FloatBuffer target = to.data().asNioFloat();
        share(from.length() / dim, (start, count) -> {
            float[] row = new float[dim];
            for (long i = start; i < start + count; i++) {
                source.get((int) i * dim, row);
                target.put((int) i * dim, row);
            }
        });
    }

    private interface Share {
        void run(long start, long count);
    }

    private static void share(long total, Share share) {
        int threads = threads();
        IntStream.range(0, threads).parallel().forEach(i -> {
            long start = total * i / threads;
            share.run(start, total * (i + 1) / threads - start);
        });
    }
}
