package io.github.dl4jnorms.experiments.layernorm;

import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What is normalized, and room for the result, which is used over and over: memory that the system has to hand out anew would
 * take longer than the norms.
 *
 * @param x     {@code [batch, length, dim]}: normal, mean 3 and standard deviation 2
 * @param room  the same shape, for what lies between the operations of a composed norm
 * @param out   the same shape
 * @param gamma {@code [dim]}, about 1
 * @param beta  {@code [dim]}, about 0
 */
record Tensor(INDArray x, INDArray room, INDArray out, INDArray gamma, INDArray beta) {
    static final double MEAN = 3;
    static final double STD = 2;

    /** Room for the largest of some tensors, from which {@link #shaped} takes others. */
    static Tensor make(long batch, long length, long dim, long seed) {
        Random random = new Random(seed);
        Nd4j.getRandom().setSeed(seed);
        INDArray x = Nd4j.randn(DataType.FLOAT, batch, length, dim).muli(STD).addi(MEAN);
        return new Tensor(
                x,
                Nd4j.create(DataType.FLOAT, batch, length, dim),
                Nd4j.create(DataType.FLOAT, batch, length, dim),
                around(1, dim, random),
                around(0, dim, random));
    }

    private static INDArray around(double centre, long dim, Random random) {
        float[] values = new float[(int) dim];
        for (int i = 0; i < dim; i++) {
            values[i] = (float) (centre + 0.1 * random.nextGaussian());
        }
        return Nd4j.createFromArray(values);
    }

    /** A smaller one in the same memory. */
    Tensor shaped(long batch, long length, long dim) {
        return new Tensor(
                part(x, batch, length, dim),
                part(room, batch, length, dim),
                part(out, batch, length, dim),
                gamma.get(NDArrayIndex.interval(0, dim)),
                beta.get(NDArrayIndex.interval(0, dim)));
    }

    private static INDArray part(INDArray array, long batch, long length, long dim) {
        return array.reshape(array.length())
                .get(NDArrayIndex.interval(0, batch * length * dim))
                .reshape(batch, length, dim);
    }

    void fused(Norm norm) {
        norm.fused(x, gamma, beta, out);
    }

    /** Both norms fused, taking turns. */
    Times timeFused(int warmUp, int passes) {
        double[][] times =
                Stopwatch.time(warmUp, passes, List.of(() -> fused(Norm.LAYER_NORM), () -> fused(Norm.RMS_NORM)));
        return new Times(times[0], times[1]);
    }

    /** Both norms composed, taking turns. */
    Times timeComposed(int warmUp, int passes) {
        double[][] times =
                Stopwatch.time(warmUp, passes, List.of(() -> composed(Norm.LAYER_NORM), () -> composed(Norm.RMS_NORM)));
        return new Times(times[0], times[1]);
    }

    void composed(Norm norm) {
        norm.composed(x, gamma, beta, room, out);
    }

    /** Gives the memory back now: it is large, and the garbage collector does not see how large. */
    void close() {
        x.close();
        room.close();
        out.close();
    }
}
