package io.github.dl4jnorms.op;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;

import io.github.dl4jnorms.Arrays;
import io.github.dl4jnorms.SDNorms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both forms of each norm in a SameDiff graph: outputs, statistics and gradients. */
class FusedAgainstComposedTest {

    private static final List<DataType> TYPES = List.of(DataType.FLOAT16, DataType.FLOAT, DataType.DOUBLE);

    private static final List<String> DIFFERENTIATED = List.of("x", "gamma", "beta", "residual");

    /** Norms of channels; those whose statistics come out are differentiated through these too. */
    private enum Norm {
        BATCH,
        BATCH_UNCENTRED,
        BATCH_AND_RESIDUAL,
        BATCH_BY_STATISTICS,
        BATCH_BY_STATISTICS_AND_RESIDUAL,
        BATCH_STATISTICS,
        GROUP,
        GROUP_AND_RESIDUAL,
        GROUP_UNCENTRED,
        GROUP_STATISTICS,
        GROUP_PER_EXAMPLE,
        INSTANCE,
        INSTANCE_PER_EXAMPLE,
        LAYER,
        RMS;

        boolean perExample() {
            return this == GROUP_PER_EXAMPLE || this == INSTANCE_PER_EXAMPLE;
        }

        /** The norm in a graph whose inputs are the arrays: its outputs by name. */
        Map<String, SDVariable> build(Map<String, SDVariable> in, int groups, boolean channelsLast, double slope) {
            SDVariable x = in.get("x");
            SDVariable gamma = in.get("gamma");
            SDVariable beta = in.get("beta");
            SDVariable residual = in.get("residual");
            SameDiff sd = x.getSameDiff();
            ChannelNormArgs batch =
                    ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, channelsLast, gamma, beta, 1e-3, slope);
            ChannelNormArgs group = ChannelNormArgs.of(groups, channelsLast, gamma, beta, 1e-3, slope);
            ChannelNormArgs instance =
                    ChannelNormArgs.of(ChannelNormArgs.INSTANCE, channelsLast, gamma, beta, 1e-3, slope);
            return switch (this) {
                case BATCH -> of(SDNorms.batchNormTraining(sd, x, gamma, beta, batch));
                case BATCH_UNCENTRED -> of(SDNorms.batchNormTraining(sd, x, gamma, beta, batch.uncentred()));
                case BATCH_BY_STATISTICS ->
                    Map.of("y", SDNorms.batchNorm(sd, x, in.get("m"), in.get("v"), gamma, beta, batch));
                case BATCH_AND_RESIDUAL -> of(SDNorms.batchNormTraining(sd, x, null, gamma, beta, residual, batch));
                case BATCH_BY_STATISTICS_AND_RESIDUAL ->
                    Map.of("y", SDNorms.batchNorm(sd, x, in.get("m"), in.get("v"), gamma, beta, residual, batch));
                case GROUP_AND_RESIDUAL -> Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, residual, group));
                case BATCH_STATISTICS -> of(SDNorms.statistics(sd, x, batch));
                case GROUP -> Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, group));
                case GROUP_UNCENTRED -> Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, group.uncentred()));
                case GROUP_STATISTICS -> of(SDNorms.statistics(sd, x, group));
                case GROUP_PER_EXAMPLE ->
                    Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, group.withAffinePerExample()));
                case INSTANCE -> Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, instance));
                case INSTANCE_PER_EXAMPLE ->
                    Map.of("y", SDNorms.groupNorm(sd, x, null, gamma, beta, instance.withAffinePerExample()));
                case LAYER -> row(x, gamma, beta, channelsLast, RowNormArgs.layerNorm(-1, gamma, beta, 1e-3, slope));
                case RMS -> row(x, gamma, null, channelsLast, RowNormArgs.rmsNorm(-1, gamma, 1e-3, slope));
            };
        }

        private static Map<String, SDVariable> of(SDNorms.BatchNormalized normalized) {
            return Map.of("y", normalized.output(), "mean", normalized.mean(), "variance", normalized.variance());
        }

        private static Map<String, SDVariable> of(SDNorms.Statistics statistics) {
            return Map.of("mean", statistics.mean(), "variance", statistics.variance());
        }

        private static Map<String, SDVariable> row(
                SDVariable x, SDVariable gamma, SDVariable beta, boolean channelsLast, RowNormArgs args) {
            RowNormArgs over = channelsLast ? args : args.overChannels();
            return Map.of("y", SDNorms.rowNorm(x.getSameDiff(), x, gamma, beta, over));
        }
    }

    @Test
    void oddSizes() {
        int[] sizes = {1, 2, 7, 8, 17};
        for (int n = 1; n <= 17; n += 8) {
            for (int i = 0; i < sizes.length; i++) {
                boolean grouped = (n / 8 + i) % 2 > 0; // for each size the other way with the next n
                INDArray x = random(n, DataType.FLOAT, n + 1, 6, sizes[i]);
                compare(x, grouped ? 3 : 1, false, grouped ? 0.25 : 0);
            }
            compare(random(n, DataType.FLOAT, n + 1, 6), 3, false, 1);
            compare(random(n, DataType.FLOAT, n + 1, 3, 5, 6), 2, true, 0);
            compare(random(n, DataType.FLOAT, n + 1, 2, 2, 2, 6), 2, true, 1);
        }
    }

    /** A group of more than a tile's elements, and rows longer than a tile: these are streamed. */
    @Test
    void largeSizes() {
        compare(random(1, DataType.FLOAT16, 2, 4, 130, 127), 2, false, 0);
        compare(random(2, DataType.FLOAT, 1, 2, 33_001), 1, false, 0.25);
        compare(random(3, DataType.FLOAT, 2, 70, 151, 4), 2, true, 1);
    }

    /** Of γ, β and the statistics as x's, of dy the next one. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT", "HALF"})
    void layoutsOfInputParametersAndGradient(DataType type) {
        for (Norm norm : Norm.values()) {
            Map<String, INDArray> arrays = arrays(norm, random(1, type, 3, 6, 4, 5), false);
            Map<String, INDArray> expected = run(norm, false, arrays, 3, false, 0);
            List<String> layouts = List.copyOf(Arrays.layouts(arrays.get("x")).keySet());
            for (int i = 0; i < layouts.size(); i++) {
                String layout = layouts.get(i);
                String next = layouts.get((i + 1) % layouts.size());
                Map<String, INDArray> laidOut = new LinkedHashMap<>();
                arrays.forEach((name, array) ->
                        laidOut.put(name, Arrays.layouts(array).get(name.equals("dy") ? next : layout)));
                assertSame(norm + " " + layout + " " + next, run(norm, false, laidOut, 3, false, 0), expected);
            }
        }
    }

    /** LayerNorm and RMSNorm over every choice of last dimensions, the axis counted from either end. */
    @Test
    void rowNormsOverEveryAxis() {
        DataType type = DataType.FLOAT;
        long[] sizes = {3, 4, 5, 2, 3};
        for (int rank = 1; rank <= sizes.length; rank++) {
            INDArray x = random(rank, type, java.util.Arrays.copyOf(sizes, rank));
            for (int axis = -rank; axis < rank; axis++) {
                long[] shape = java.util.Arrays.copyOfRange(sizes, axis < 0 ? axis + rank : axis, rank);
                for (boolean centred : new boolean[] {true, false}) {
                    RowNormArgs args = new RowNormArgs(axis, false, centred, true, true, 1e-3, 0.25);
                    RowNormArgs plain = new RowNormArgs(axis, false, centred, false, false, 1e-3, 1);
                    Map<String, INDArray> arrays = new LinkedHashMap<>();
                    arrays.put("x", x);
                    arrays.put("dy", random(99, type, x.shape()));
                    arrays.put("gamma", random(3, type, shape));
                    arrays.put("beta", random(4, type, shape));
                    String what = java.util.Arrays.toString(x.shape()) + " axis " + axis;
                    compare(what, arrays, in -> Map.of("y", rowNorm(in, in.get("gamma"), in.get("beta"), args)));
                    compare(what + " plain", arrays, in -> Map.of("y", rowNorm(in, null, null, plain)));
                }
            }
        }
    }

    private static SDVariable rowNorm(Map<String, SDVariable> in, SDVariable gamma, SDVariable beta, RowNormArgs args) {
        SDVariable x = in.get("x");
        return SDNorms.rowNorm(x.getSameDiff(), x, gamma, beta, args);
    }

    private static void compare(INDArray x, int groups, boolean channelsLast, double slope) {
        long channels = x.size(channelsLast ? x.rank() - 1 : 1);
        for (Norm norm : Norm.values()) {
            if (norm.name().startsWith("INSTANCE") && x.length() == x.size(0) * channels) {
                continue; // of one value, which leaves of a gradient its rounding error
            }
            compare(
                    norm + " " + java.util.Arrays.toString(x.shape()),
                    arrays(norm, x, channelsLast),
                    in -> norm.build(in, groups, channelsLast, slope));
        }
    }

    /** The fused form in each type that holds the numbers, and the composed one in double: its sums of many floats are rough. */
    private static void compare(String what, Map<String, INDArray> arrays, Definition definition) {
        Map<String, INDArray> expected = run(true, cast(arrays, DataType.DOUBLE), definition);
        for (DataType type : TYPES.subList(TYPES.indexOf(arrays.get("x").dataType()), TYPES.size())) {
            assertSame(what + " " + type, run(false, cast(arrays, type), definition), expected);
        }
    }

    private static Map<String, INDArray> cast(Map<String, INDArray> arrays, DataType type) {
        Map<String, INDArray> cast = new LinkedHashMap<>();
        arrays.forEach((name, array) -> cast.put(name, array.castTo(type)));
        return cast;
    }

    private static void assertSame(String what, Map<String, INDArray> actual, Map<String, INDArray> expected) {
        expected.forEach((name, array) -> assertClose(what + " " + name, actual.get(name), array));
    }

    /** x, γ and β, BatchNorm's given statistics, and the gradient of y. */
    private static Map<String, INDArray> arrays(Norm norm, INDArray x, boolean channelsLast) {
        DataType type = x.dataType();
        long channels = x.size(channelsLast ? x.rank() - 1 : 1);
        long[] parameters = norm.perExample() ? new long[] {x.size(0), channels} : new long[] {channels};
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        arrays.put("x", x);
        arrays.put("dy", random(99, type, x.shape()));
        arrays.put("gamma", random(3, type, parameters));
        arrays.put("beta", random(4, type, parameters));
        arrays.put("residual", random(7, type, x.shape()));
        arrays.put("m", random(5, type, channels));
        arrays.put("v", random(6, type, channels).mul(0.2).add(2));
        return arrays;
    }

    private static Map<String, INDArray> run(
            Norm norm, boolean composed, Map<String, INDArray> arrays, int groups, boolean channelsLast, double slope) {
        return run(composed, arrays, in -> norm.build(in, groups, channelsLast, slope));
    }

    /** A norm's outputs by name, in a graph of variables named as their arrays. */
    @FunctionalInterface
    private interface Definition {
        Map<String, SDVariable> outputs(Map<String, SDVariable> inputs);
    }

    /** Outputs, and the gradient of the sum of all of them, y weighted by dy and the statistics by 0.3 and 0.7. */
    private static Map<String, INDArray> run(boolean composed, Map<String, INDArray> arrays, Definition definition) {
        SameDiff sd = SameDiff.create();
        Map<String, SDVariable> in = new LinkedHashMap<>();
        Map<String, INDArray> placeholders = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (DIFFERENTIATED.contains(name)) {
                in.put(name, sd.var(name, array));
            } else {
                in.put(name, sd.placeHolder(name, array.dataType(), array.shape()));
                placeholders.put(name, array);
            }
        });
        Map<String, SDVariable> outputs;
        try (ComposedForm form = ComposedForm.use(composed)) {
            outputs = definition.outputs(in);
        }
        outputs.forEach((name, output) -> {
            output.rename(name);
            SDVariable weighted = switch (name) {
                case "y" -> output.mul(in.get("dy"));
                case "mean" -> output.mul(0.3);
                default -> output.mul(0.7);
            };
            weighted.sum().markAsLoss();
        });
        Map<String, INDArray> result =
                new LinkedHashMap<>(sd.output(placeholders, outputs.keySet().toArray(new String[0])));
        String[] used = DIFFERENTIATED.stream().filter(name -> isUsed(sd, name)).toArray(String[]::new);
        sd.calculateGradients(placeholders, used).forEach((name, g) -> result.put("d" + name, g));
        return result;
    }

    private static boolean isUsed(SameDiff sd, String name) {
        List<String> ops = sd.getVariables().containsKey(name)
                ? sd.getVariables().get(name).getInputsForOp()
                : null;
        return ops != null && !ops.isEmpty();
    }
}
