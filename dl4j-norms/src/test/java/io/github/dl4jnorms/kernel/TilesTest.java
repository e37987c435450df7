package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every loop of the tiles, scalar and SIMD, over odd sizes, beside a plain loop over doubles. */
@ParameterizedClass
@CsvSource({"scalar, FLOAT", "scalar, DOUBLE", "simd, FLOAT", "simd, DOUBLE"})
class TilesTest {

    /** Elements before and after those that a loop works on, which it has to leave alone. */
    private static final int FROM = 3;

    private static final int AFTER = 5;
    private static final int AT = 2;

    @Parameter(0)
    String provider;

    @Parameter(1)
    Numbers numbers;

    @BeforeEach
    void choose() {
        Tiles.choose(provider.equals("simd") ? Tiles.simd() : new ScalarTiles());
        assertThat(Tiles.chosen().name()).isEqualTo(provider);
    }

    @AfterEach
    void restore() {
        Tiles.choose(Tiles.simd());
    }

    static int[] sizes() {
        int[] large = {
            207, 255, 256, 257, 300, 511, 512, 513, 702, 1023, 1024, 1025, 1536, 2046, 2048, 2049, 4095, 4096, 4097,
            4098
        };
        return IntStream.concat(IntStream.rangeClosed(1, 130), Arrays.stream(large))
                .toArray();
    }

    /** What a tile and another one hold, and the elements that a loop works on. */
    private final class Case {
        final int size;
        final double[] own;
        final double[] x;
        final double[] gamma;
        final double[] beta;

        Case(int size) {
            this.size = size;
            int room = FROM + size + AFTER;
            own = numbers.random(1, room);
            x = numbers.random(2, room);
            gamma = numbers.random(3, room);
            beta = numbers.random(4, room);
        }

        /** Runs a loop and compares each element with what the function gives. */
        void check(String what, BiConsumer<Tile, Tile> loop, IntToDoubleFunction expected) {
            Tile tile = numbers.tile(own);
            loop.accept(tile, numbers.tile(x));
            double[] all = own.clone();
            for (int i = FROM; i < FROM + size; i++) {
                all[i] = expected.applyAsDouble(i);
            }
            numbers.assertClose(what, numbers.values(tile, own.length), all);
        }
    }

    @Test
    void elementwise() {
        double mean = 0.3, scale = 1.7, shift = -0.4;
        for (int size : sizes()) {
            Case c = new Case(size);
            c.check(
                    "normalize",
                    (t, x) -> t.normalize(x, FROM, size, new RowAffine(mean, scale, shift)),
                    i -> (c.x[i] - mean) * scale + shift);
            c.check(
                    "normalize in place",
                    (t, x) -> t.normalize(t, FROM, size, new RowAffine(mean, scale, shift)),
                    i -> (c.own[i] - mean) * scale + shift);
            Tile gamma = numbers.tile(c.gamma);
            Tile beta = numbers.tile(c.beta);
            c.check(
                    "normalize by elements",
                    (t, x) -> t.normalize(x, FROM, size, mean, scale, gamma, beta, AT),
                    i -> (c.x[i] - mean) * scale * c.gamma[i - FROM + AT] + c.beta[i - FROM + AT]);
            c.check(
                    "combine",
                    (t, x) -> t.combine(x, FROM, size, mean, 0.7, -1.3, 0.2),
                    i -> 0.7 * c.own[i] - 1.3 * (c.x[i] - mean) + 0.2);
            c.check(
                    "combine by elements",
                    (t, x) -> t.combine(x, FROM, size, mean, 0.7, gamma, AT, -1.3, 0.2),
                    i -> 0.7 * c.own[i] * c.gamma[i - FROM + AT] - 1.3 * (c.x[i] - mean) + 0.2);
            c.check(
                    "scale",
                    (t, x) -> t.scale(x, FROM, size, scale, gamma, AT),
                    i -> c.x[i] * scale * c.gamma[i - FROM + AT]);
            c.check("add", (t, x) -> t.add(x, FROM, size), i -> c.own[i] + c.x[i]);
            for (double slope : new double[] {0, 0.25, 1}) {
                c.check("leaky", (t, x) -> t.leaky(FROM, size, slope), i -> c.own[i] > 0 ? c.own[i] : slope * c.own[i]);
                c.check("gate", (t, x) -> t.gate(x, FROM, size, slope), i -> c.x[i] > 0 ? c.own[i] : slope * c.own[i]);
            }
        }
    }

    private static double sigmoid(double x) {
        return 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double geluSlope(double x) {
        double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + Math.tanh(u)) + 0.5 * x * slope / (Math.cosh(u) * Math.cosh(u));
    }

    @Test
    void transformers() {
        double scale = 0.6;
        for (int size : sizes()) {
            Case c = new Case(size);
            c.check("gelu", (t, x) -> t.gelu(FROM, size), i -> c.own[i] * sigmoid(c.own[i]));
            c.check("gelu gradient", (t, x) -> t.geluGradient(x, FROM, size), i -> c.own[i] * geluSlope(c.x[i]));
            double all = sum(size, i -> Math.exp(scale * c.own[FROM + i]));
            c.check("softmax", (t, x) -> t.softmax(FROM, size, scale), i -> Math.exp(scale * c.own[i]) / all);
            double product = sum(size, i -> c.own[FROM + i] * c.x[FROM + i] / size);
            double[] y = numbers.round(Arrays.stream(c.x).map(v -> v / size).toArray());
            c.check(
                    "softmax gradient",
                    (t, x) -> t.softmaxGradient(numbers.tile(y), FROM, size, scale),
                    i -> scale * y[i] * (c.own[i] - product));
            double[] gates = c.gamma.clone();
            gates[AT] = 0;
            Tile dgate = numbers.tile(c.beta);
            c.check(
                    "add gated",
                    (t, x) -> t.addGated(x, FROM, size, numbers.tile(gates), AT),
                    i -> c.own[i] + gates[i - FROM + AT] * c.x[i]);
            c.check(
                    "gate gradient",
                    (t, x) -> t.gateGradient(x, FROM, size, numbers.tile(gates), dgate, AT),
                    i -> c.own[i] * gates[i - FROM + AT]);
            double[] expected = c.beta.clone();
            for (int i = 0; i < size; i++) {
                expected[AT + i] += c.own[FROM + i] * c.x[FROM + i];
            }
            numbers.assertClose("dgate", numbers.values(dgate, expected.length), expected);
        }
    }

    @Test
    void hiddenElementsHaveNoShare() {
        double[] keys = {1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1};
        Tile tile = numbers.tile(numbers.random(6, keys.length));
        tile.hide(numbers.tile(keys), 2, 10, 2);
        tile.softmax(2, 10, 1);
        double[] p = numbers.values(tile, keys.length);
        for (int i = 2; i < keys.length; i++) {
            assertThat(p[i] > 0).as("element %d", i).isEqualTo(keys[i] > 0);
        }
        assertThat(sum(10, i -> p[2 + i])).isCloseTo(1, within(1e-6));
        Tile nothing = numbers.tile(numbers.random(6, keys.length));
        nothing.hide(numbers.tile(new double[keys.length]), 0, keys.length, 0);
        nothing.softmax(0, keys.length, 1);
        assertThat(numbers.values(nothing, keys.length)).containsOnly(0);
    }

    @Test
    void largeNumbersNeitherOverflowNorVanish() {
        int size = 40;
        double[] x = new double[size];
        Arrays.setAll(x, i -> (i % 2 == 0 ? 1 : -1) * 1e4 * (i + 1));
        Tile gelu = numbers.tile(x);
        gelu.gelu(0, size);
        numbers.assertClose(
                "gelu",
                numbers.values(gelu, size),
                Arrays.stream(x).map(v -> Math.max(v, 0)).toArray());
        Tile gradient = numbers.tile(new double[size]);
        gradient.fill(1);
        gradient.geluGradient(numbers.tile(x), 0, size);
        numbers.assertClose(
                "gelu gradient",
                numbers.values(gradient, size),
                Arrays.stream(x).map(v -> v > 0 ? 1 : 0).toArray());
        Tile softmax = numbers.tile(x);
        softmax.softmax(0, size, 1);
        double[] first = new double[size];
        first[size - 2] = 1;
        numbers.assertClose("softmax", numbers.values(softmax, size), first);
    }

    @Test
    void aClosedGateKeepsEveryBit() {
        int size = 40;
        double[] x = new double[size];
        Arrays.setAll(x, i -> i % 2 == 0 ? -0.0 : 0.0);
        double[] branch = new double[size];
        Arrays.setAll(branch, i -> i % 3 == 0 ? Double.POSITIVE_INFINITY : i % 3 == 1 ? 5 : -5);
        Tile tile = numbers.tile(x);
        tile.addGated(numbers.tile(branch), 0, size, numbers.tile(new double[size]), 0);
        assertThat(numbers.values(tile, size)).containsExactly(x); // −0 is not 0 here
    }

    @Test
    void sums() {
        double mean = 0.3;
        for (int size : sizes()) {
            Case c = new Case(size);
            double[] own = Numbers.part(c.own, FROM, size);
            double[] x = Numbers.part(c.x, FROM, size);
            Tile tile = numbers.tile(c.own);
            double[] sums = {30, 30};
            tile.moments(FROM, size, mean, sums);
            assertSums(sums, 1e-14, size, i -> own[i] - mean, i -> (own[i] - mean) * (own[i] - mean));
            double blocks = numbers == Numbers.FLOAT ? 3e-7 : 1e-14;
            sums[0] = 30 + tile.squares(FROM, size);
            sums[1] = 30 + tile.get(FROM);
            assertSums(sums, blocks, size, i -> own[i] * own[i], i -> i == 0 ? own[0] : 0);
            Arrays.fill(sums, 30);
            tile.sums(numbers.tile(c.x), FROM, size, mean, sums);
            assertSums(sums, blocks, size, i -> own[i], i -> own[i] * (x[i] - mean));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-30, 1e-21, 1e25})
    void squaresThatFloatHasNoRoomFor(double value) {
        double[] x = numbers.round(DoubleStream.generate(() -> value).limit(100).toArray());
        assertThat(numbers.tile(x).squares(0, 100)).isCloseTo(100 * x[0] * x[0], withinPercentage(1e-5));
    }

    private static double sum(int size, IntToDoubleFunction term) {
        return IntStream.range(0, size).mapToDouble(term).sum();
    }

    /** Sums that started at 30 are right to a share of what the magnitudes of their terms add up to. */
    private static void assertSums(
            double[] sums, double precision, int size, IntToDoubleFunction first, IntToDoubleFunction second) {
        List<IntToDoubleFunction> terms = List.of(first, second);
        for (int k = 0; k < 2; k++) {
            IntToDoubleFunction term = terms.get(k);
            double magnitude = 30 + sum(size, i -> Math.abs(term.applyAsDouble(i)));
            assertThat(sums[k])
                    .as("sum %d of %d", k, size)
                    .isCloseTo(30 + sum(size, term), within(precision * magnitude));
        }
    }

    @Test
    void parameterGradientsAreAddedAndDrained() {
        double mean = 0.3, scale = 1.7;
        for (int size : sizes()) {
            Case c = new Case(size);
            double[] own = Numbers.part(c.own, FROM, size);
            double[] x = Numbers.part(c.x, FROM, size);
            double[] gamma = Numbers.part(c.gamma, AT, size);
            Tile dgamma = numbers.tile(c.gamma);
            Tile dbeta = numbers.tile(c.beta);
            double[] ofRow = {30, 30};
            numbers.tile(c.own)
                    .sums(numbers.tile(c.x), FROM, size, mean, scale, numbers.tile(c.gamma), dgamma, dbeta, AT, ofRow);
            assertSums(
                    ofRow,
                    numbers == Numbers.FLOAT ? 3e-7 : 1e-14,
                    size,
                    i -> own[i] * gamma[i],
                    i -> own[i] * gamma[i] * (x[i] - mean));
            double[] expectedGamma = c.gamma.clone();
            double[] expectedBeta = c.beta.clone();
            for (int i = 0; i < size; i++) {
                expectedGamma[AT + i] += own[i] * (x[i] - mean) * scale;
                expectedBeta[AT + i] += own[i];
            }
            numbers.assertClose("dgamma", numbers.values(dgamma, c.gamma.length), expectedGamma);
            numbers.assertClose("dbeta", numbers.values(dbeta, c.beta.length), expectedBeta);

            double[] sums = new double[size];
            Arrays.fill(sums, 0.5);
            dbeta.drain(size, sums);
            for (int i = 0; i < size; i++) {
                expectedBeta[i] += 0.5;
            }
            numbers.assertClose("drained", sums, Numbers.part(expectedBeta, 0, size));
            Arrays.fill(expectedBeta, 0, size, 0);
            numbers.assertClose("left", numbers.values(dbeta, c.beta.length), expectedBeta);
        }
    }

    @Test
    void fillReadWriteAndTranspose() {
        double[] values = numbers.random(1, 7 * 13 + 4);
        Tile tile = numbers.tile(new double[200]);
        tile.fill(-2.5);
        tile.read(numbers.memory(values), 4, 5, 7 * 13);
        double[] expected = new double[200];
        Arrays.fill(expected, -2.5);
        System.arraycopy(values, 4, expected, 5, 7 * 13);
        numbers.assertClose("read", numbers.values(tile, 200), expected);
        Memory memory = numbers.memory(100);
        tile.write(memory, 2, 5, 90);
        numbers.assertClose("write", Numbers.part(Numbers.values(memory), 2, 90), Numbers.part(values, 4, 90));

        Tile transposed = numbers.tile(new double[91]);
        transposed.transpose(numbers.tile(values), 7, 13);
        double[] columns = new double[91];
        for (int i = 0; i < 91; i++) {
            columns[i % 13 * 7 + i / 13] = values[i];
        }
        numbers.assertClose("transpose", numbers.values(transposed, 91), columns);
    }

    /** What is not a number stays so, and an infinity one, in the vectors and in what is left over. */
    @Test
    void activationsOfExtremes() {
        double[] extremes = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0};
        for (double slope : new double[] {0, 0.25}) {
            for (double extreme : extremes) {
                double[] values = new double[67];
                Arrays.fill(values, extreme);
                Tile tile = numbers.tile(values);
                tile.leaky(0, 67, slope);
                double expected = Double.isNaN(extreme) || extreme > 0 ? extreme : slope == 0 ? 0 : slope * extreme;
                for (double value : numbers.values(tile, 67)) {
                    assertThat(value + 0.0)
                            .as("%s, slope %s", extreme, slope)
                            .isEqualTo(Double.valueOf(expected + 0.0));
                }
            }
        }
    }

    @Test
    void aMillionNumbersFarFromZero() {
        int length = 1_000_000;
        double[] values = numbers.random(1, length);
        for (int i = 0; i < length; i++) {
            values[i] = 1e4 + Math.sqrt(3) / 2 * (values[i] - 0.5);
        }
        values = numbers.round(values);
        double mean = Numbers.sum(values) / length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double[] means = new double[1];
        double[] variances = new double[1];
        Memory x = numbers.memory(values);
        new RowNorm(x, 1, length, null, null, true, 0, 1).statistics(x, means, variances);
        assertThat(means[0]).isCloseTo(mean, within(1e-6));
        assertThat(variances[0] / (squares / length)).isCloseTo(1, within(1e-6));
        double[] batchMeans = new double[1];
        double[] batchVariances = new double[1];
        new ChannelNorm(RowGroups.perChannel(1000, 1, 1000), 1, null, null, null, true, 0, 1)
                .statistics(x, batchMeans, batchVariances);
        assertThat(batchMeans[0]).isCloseTo(mean, within(1e-6));
        assertThat(batchVariances[0] / (squares / length)).isCloseTo(1, within(1e-6));
    }
}
