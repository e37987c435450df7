package io.github.dl4jnorms.op;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;

import io.github.dl4jnorms.Arrays;
import io.github.dl4jnorms.SDNorms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both forms of each norm in a SameDiff graph: outputs, statistics and gradients. */
class FusedAgainstComposedTest {

    private enum Norm {
        BATCH,
        BATCH_BY_STATISTICS,
        GROUP
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void oddSizes(DataType type) {
        for (int n = 1; n <= 17; n += 4) {
            for (int size : new int[] {1, 2, 3, 7, 8, 13, 17}) {
                compare(random(n, type, n + 1, 6, size), 1, false, 0);
                compare(random(n, type, n + 1, 6, size), 3, false, 0.25);
            }
            compare(random(n, type, n + 1, 6), 3, false, 1);
            compare(random(n, type, n + 1, 3, 5, 6), 2, true, 0);
            compare(random(n, type, n + 1, 2, 2, 2, 6), 2, true, 1);
        }
    }

    /** A group of more than a tile's elements, and rows longer than a tile: these are streamed. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void largeSizes(DataType type) {
        compareExactly(random(1, type, 3, 4, 150, 151), 2, false, 0);
        compareExactly(random(2, type, 1, 2, 70_001), 1, false, 0.25);
        compareExactly(random(3, type, 2, 140, 151, 4), 2, true, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT", "HALF"})
    void layoutsOfInputAndGradient(DataType type) {
        INDArray x = random(1, type, 3, 6, 4, 5);
        INDArray dy = random(2, type, 3, 6, 4, 5);
        for (Norm norm : Norm.values()) {
            Map<String, INDArray> expected = run(norm, false, x, dy, 3, false, 0);
            Map<String, INDArray> dys = Arrays.layouts(dy);
            Arrays.layouts(x)
                    .forEach((layout, in) -> dys.forEach((dyLayout, gradient) -> assertSame(
                            norm + " " + layout + " " + dyLayout,
                            run(norm, false, in, gradient, 3, false, 0),
                            expected)));
        }
    }

    /** Against the composed form in double: its sums of many floats are rough. */
    private static void compareExactly(INDArray x, int groups, boolean channelsLast, double slope) {
        INDArray dy = random(99, x.dataType(), x.shape());
        INDArray exactX = x.castTo(DataType.DOUBLE);
        INDArray exactDy = dy.castTo(DataType.DOUBLE);
        for (Norm norm : Norm.values()) {
            assertSame(
                    norm + " " + java.util.Arrays.toString(x.shape()),
                    run(norm, false, x, dy, groups, channelsLast, slope),
                    run(norm, true, exactX, exactDy, groups, channelsLast, slope));
        }
    }

    private static void compare(INDArray x, int groups, boolean channelsLast, double slope) {
        INDArray dy = random(99, x.dataType(), x.shape());
        for (Norm norm : Norm.values()) {
            assertSame(
                    norm + " " + java.util.Arrays.toString(x.shape()),
                    run(norm, false, x, dy, groups, channelsLast, slope),
                    run(norm, true, x, dy, groups, channelsLast, slope));
        }
    }

    private static void assertSame(String what, Map<String, INDArray> actual, Map<String, INDArray> expected) {
        expected.forEach((name, array) -> assertClose(what + " " + name, actual.get(name), array));
    }

    private static Map<String, INDArray> run(
            Norm norm, boolean composed, INDArray x, INDArray dy, int groups, boolean channelsLast, double slope) {
        DataType type = x.dataType();
        long channels = x.size(channelsLast ? x.rank() - 1 : 1);
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("x", type, dynamic(x));
        SDVariable gamma = sd.var("gamma", random(3, type, channels));
        SDVariable beta = sd.var("beta", random(4, type, channels));
        try (ComposedForm form = ComposedForm.use(composed)) {
            SDVariable y;
            if (norm == Norm.GROUP) {
                y = SDNorms.groupNorm(
                        sd, in, null, gamma, beta, ChannelNormArgs.of(groups, channelsLast, gamma, beta, 1e-3, slope));
            } else {
                ChannelNormArgs args =
                        ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, channelsLast, gamma, beta, 1e-3, slope);
                if (norm == Norm.BATCH) {
                    SDNorms.BatchNormalized statistics = SDNorms.batchNormTraining(sd, in, gamma, beta, args);
                    y = statistics.output();
                    statistics.mean().rename("mean");
                    statistics.variance().rename("variance");
                } else {
                    SDVariable mean = sd.constant("m", random(5, type, channels));
                    SDVariable variance =
                            sd.constant("v", random(6, type, channels).mul(0.2).add(2));
                    y = SDNorms.batchNorm(sd, in, mean, variance, gamma, beta, args);
                }
            }
            y.rename("y");
            y.mul(sd.placeHolder("dy", type, dynamic(dy))).sum().markAsLoss();
        }
        Map<String, INDArray> arrays = Map.of("x", x, "dy", dy);
        Map<String, INDArray> result = new LinkedHashMap<>();
        List<String> outputs = norm == Norm.BATCH ? List.of("y", "mean", "variance") : List.of("y");
        result.putAll(sd.output(arrays, outputs));
        sd.calculateGradients(arrays, "x", "gamma", "beta").forEach((name, g) -> result.put("d" + name, g));
        return result;
    }

    private static long[] dynamic(INDArray array) {
        return java.util.stream.LongStream.of(array.shape()).map(s -> -1).toArray();
    }
}
