package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The arrays that all work of this process is done on, one memory for each role: what is measured is never the system's first
 * handing out of a page.
 */
final class Recycled {
    /** What an array is for. */
    enum Role {
        X,
        DY,
        OUT,
        DX
    }

    private static final int BLOCK = 1 << 20;
    private static final Map<Role, INDArray> MEMORY = new EnumMap<>(Role.class);

    private Recycled() {}

    /** Noise, or room for a result, in the first elements of the role's memory. */
    static INDArray array(Role role, Work.Shape shape) {
        long elements = shape.elements();
        INDArray memory = MEMORY.get(role);
        if (memory == null || memory.length() < elements) {
            memory = noise(elements, role.ordinal());
            MEMORY.put(role, memory);
        }
        return memory.get(NDArrayIndex.interval(0, elements)).reshape('c', shape.sizes());
    }

    /** Room for what the work computes. */
    static INDArray result(Work work) {
        return array(work.forward() ? Role.OUT : Role.DX, work.shape());
    }

    /** A vector near 1, for γ, or near 0, for β. */
    static INDArray vector(long length, double centre) {
        Random random = new Random(length);
        float[] values = new float[Math.toIntExact(length)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (centre + 0.1 * random.nextGaussian());
        }
        return Nd4j.createFromArray(values);
    }

    /** A block of noise again and again: its values do not matter to the time, making so many would. */
    private static INDArray noise(long elements, long seed) {
        Random random = new Random(seed);
        float[] block = new float[(int) Math.min(BLOCK, elements)];
        for (int i = 0; i < block.length; i++) {
            block[i] = (float) random.nextGaussian();
        }
        INDArray first = Nd4j.createFromArray(block);
        INDArray all = Nd4j.createUninitialized(DataType.FLOAT, elements);
        for (long from = 0; from < elements; from += block.length) {
            long count = Math.min(block.length, elements - from);
            Pointer.memcpy(at(all, from), at(first, 0), count * Float.BYTES);
        }
        return all;
    }

    /** Where an element of a whole array, or of a view from its beginning, is. */
    static Pointer at(INDArray array, long element) {
        long start = array.data().address() + element * Float.BYTES;
        return new Pointer() {
            {
                address = start;
            }
        };
    }
}
