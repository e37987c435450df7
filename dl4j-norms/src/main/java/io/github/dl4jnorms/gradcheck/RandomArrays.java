package io.github.dl4jnorms.gradcheck;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What a check feeds a network with; the same for the same seed. */
final class RandomArrays {

    private static final int TIME_STEPS = 4;

    private final Random random;

    RandomArrays(long seed) {
        this.random = new Random(seed);
    }

    /** Standard normal values of an input type's shape; unknown lengths are 4. */
    INDArray input(InputType type, int batchSize) {
        long[] shape = type.getShape(true);
        shape[0] = batchSize;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = shape[i] > 0 ? shape[i] : TIME_STEPS;
        }
        return normal(shape);
    }

    INDArray normal(long... shape) {
        return of(DoubleStream.generate(random::nextGaussian), shape);
    }

    INDArray uniform(long... shape) {
        return of(DoubleStream.generate(random::nextDouble), shape);
    }

    /** Sequences of different lengths, the first of them full: {@code [N, T]}, null for an input without time. */
    INDArray mask(InputType type, INDArray input) {
        if (!Layout.of(type).recurrent()) {
            return null;
        }
        int length = (int) input.size(Layout.of(type) == Layout.NCW ? 2 : 1);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, input.size(0), length);
        for (int n = 1; n < input.size(0); n++) {
            for (int t = length == 1 ? 1 : 1 + random.nextInt(length - 1); t < length; t++) {
                mask.putScalar(n, t, 0);
            }
        }
        return mask;
    }

    /** Positive numbers that add up to 1 over the channels: labels that every loss takes. */
    INDArray distribution(int channelAxis, long... shape) {
        INDArray e = Transforms.exp(normal(shape), false);
        return e.div(e.sum(true, channelAxis).broadcast(shape));
    }

    /** Distinct indices below {@code length}, all of them if there are no more than {@code most}. */
    long[] indices(long length, long most) {
        return length <= most
                ? LongStream.range(0, length).toArray()
                : random.longs(0, length).distinct().limit(most).sorted().toArray();
    }

    private static INDArray of(DoubleStream values, long... shape) {
        long length = LongStream.of(shape).reduce(1, Math::multiplyExact);
        return Nd4j.createFromArray(values.limit(length).toArray()).reshape(shape);
    }
}
