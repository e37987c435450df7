package io.github.dl4jnorms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Comparing arrays. */
public final class Arrays {

    private Arrays() {}

    /** What a result may be off by, relative to the largest magnitude expected. */
    public static double tolerance(DataType type) {
        return switch (type) {
            case DOUBLE -> 1e-12;
            case FLOAT -> 3e-5;
            case HALF -> 2e-3;
            case BFLOAT16 -> 2e-2;
            default -> throw new IllegalArgumentException("type: takes a floating-point type, received " + type);
        };
    }

    public static void assertClose(String what, INDArray actual, INDArray expected) {
        assertThat(actual.shape()).as(what + ": shape").isEqualTo(expected.shape());
        assertThat(relativeDifference(actual, expected))
                .as(what + ": largest difference")
                .isLessThan(tolerance(actual.dataType()));
    }

    /** Channels from dimension 1 to the last, in memory too. A matrix stays as it is. */
    public static INDArray toChannelsLast(INDArray x) {
        int last = x.rank() - 1;
        int[] order = IntStream.rangeClosed(0, last)
                .map(i -> i == 0 ? 0 : i == last ? 1 : i + 1)
                .toArray();
        return last < 2 ? x : x.permute(order).dup('c');
    }

    /** Channels from the last dimension to dimension 1, as a view. A matrix stays as it is. */
    public static INDArray toChannelsFirst(INDArray x) {
        int last = x.rank() - 1;
        int[] order = IntStream.rangeClosed(0, last)
                .map(i -> i == 0 ? 0 : i == 1 ? last : i - 1)
                .toArray();
        return last < 2 ? x : x.permute(order);
    }

    /** The same values in every kind of memory layout. */
    public static Map<String, INDArray> layouts(INDArray x) {
        Map<String, INDArray> layouts = new LinkedHashMap<>();
        layouts.put("c", x.dup('c'));
        layouts.put("f", x.dup('f'));
        int rank = x.rank();
        int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        layouts.put("permuted", x.permute(reversed).dup('c').permute(reversed));
        long[] room = LongStream.of(x.shape()).map(s -> 2 * s + 1).toArray();
        INDArray large = Nd4j.valueArrayOf(room, Double.NaN, x.dataType());
        layouts.put(
                "view",
                large.get(LongStream.of(x.shape())
                                .mapToObj(s -> NDArrayIndex.interval(1, s + 1))
                                .toArray(INDArrayIndex[]::new))
                        .assign(x));
        INDArray strided = Nd4j.valueArrayOf(room, Double.NaN, x.dataType());
        layouts.put(
                "strided",
                strided.get(LongStream.of(x.shape())
                                .mapToObj(s -> NDArrayIndex.interval(0, 2, 2 * s))
                                .toArray(INDArrayIndex[]::new))
                        .assign(x));
        return layouts;
    }

    /** Random numbers around 0.7, the same for the same seed. */
    public static INDArray random(int seed, DataType type, long... shape) {
        // ND4J takes the seed 0 for: any
        try (Random random = Nd4j.getRandomFactory().getNewRandomInstance(1000 + seed)) {
            return Nd4j.randn(0.7, 1.5, shape, random).castTo(type);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The largest difference, relative to the largest magnitude expected where that is above 1. */
    public static double relativeDifference(INDArray actual, INDArray expected) {
        double scale = Math.max(1, expected.castTo(DataType.DOUBLE).amaxNumber().doubleValue());
        return difference(actual, expected) / scale;
    }

    public static double difference(INDArray a, INDArray b) {
        INDArray difference = a.castTo(DataType.DOUBLE).sub(b.castTo(DataType.DOUBLE));
        return Transforms.abs(difference).maxNumber().doubleValue();
    }
}
