package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A number type of the kernels: its memory, its tiles, its precision. */
enum Numbers {
    FLOAT(4, 2e-6),
    DOUBLE(8, 1e-13);

    private final int bytes;
    /** What a result may be off by, relative to the largest magnitude expected. */
    private final double tolerance;

    Numbers(int bytes, double tolerance) {
        this.bytes = bytes;
        this.tolerance = tolerance;
    }

    /** Random numbers that this type holds exactly, the same for the same seed. */
    double[] random(int seed, int length) {
        return round(new Random(seed).doubles(length, -1.5, 2.5).toArray());
    }

    double[] round(double[] values) {
        return this == DOUBLE
                ? values
                : DoubleStream.of(values).map(v -> (float) v).toArray();
    }

    Memory memory(int length) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length * bytes).order(ByteOrder.nativeOrder());
        return new Memory(this == FLOAT ? buffer.asFloatBuffer() : buffer.asDoubleBuffer());
    }

    Memory memory(double... values) {
        Memory memory = memory(values.length);
        for (int i = 0; i < values.length; i++) {
            if (memory.isFloat()) {
                memory.floats().put(i, (float) values[i]);
            } else {
                memory.doubles().put(i, values[i]);
            }
        }
        return memory;
    }

    Tile tile(double... values) {
        Memory memory = memory(values);
        Tile tile = memory.newTile(values.length);
        tile.read(memory, 0, 0, values.length);
        return tile;
    }

    static double[] values(Memory memory) {
        return IntStream.range(0, memory.buffer().capacity())
                .mapToDouble(i -> memory.isFloat()
                        ? memory.floats().get(i)
                        : memory.doubles().get(i))
                .toArray();
    }

    double[] values(Tile tile, int length) {
        Memory memory = memory(length);
        tile.write(memory, 0, 0, length);
        return values(memory);
    }

    void assertClose(String what, double[] actual, double[] expected) {
        assertThat(actual).as(what + ": length").hasSameSizeAs(expected);
        double scale =
                Math.max(1, DoubleStream.of(expected).map(Math::abs).max().orElse(0));
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale)) {
                assertThat(actual[i])
                        .as("%s[%d] of %d", what, i, expected.length)
                        .isEqualTo(expected[i]);
            }
        }
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    static double[] part(double[] values, int from, int length) {
        return Arrays.copyOfRange(values, from, from + length);
    }
}
