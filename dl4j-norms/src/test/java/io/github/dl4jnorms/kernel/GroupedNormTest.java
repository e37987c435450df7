package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Both norms, scalar and SIMD, forward and backward, beside plain loops over doubles. */
@ParameterizedClass
@CsvSource({"scalar, FLOAT", "scalar, DOUBLE", "simd, FLOAT", "simd, DOUBLE"})
class GroupedNormTest {

    private static final int TILE = Tile.CAPACITY;
    private static final double EPSILON = 1e-3;

    @Parameter(0)
    String provider;

    @Parameter(1)
    Numbers numbers;

    @BeforeEach
    void choose() {
        Tiles.choose(provider.equals("simd") ? Tiles.simd() : new ScalarTiles());
    }

    @AfterEach
    void restore() {
        Tiles.choose(Tiles.simd());
    }

    /** Rows and length: one piece; many rows; rows as long as a tile, a little longer, in many parts; few long rows. */
    @Test
    void rows() {
        int[][] sizes = {
            {1, 1},
            {1, 2},
            {3, 7},
            {129, 33},
            {2, 4098},
            {300, 1025},
            {3, TILE - 1},
            {3, TILE},
            {3, TILE + 1},
            {2, 2 * TILE},
            {1, 3 * TILE + 5},
            {5, 2 * TILE + 17}
        };
        for (int[] size : sizes) {
            int rows = size[0], length = size[1];
            row(rows, length, true, 1, true, true);
            row(rows, length, true, 0.25, false, false);
            row(rows, length, false, 0, true, true);
            row(rows, length, false, 1, true, false);
            row(rows, length, false, 1, false, false);
        }
    }

    private void row(int rows, int length, boolean centred, double slope, boolean scaled, boolean shifted) {
        double[] gamma = scaled ? numbers.random(3, length) : null;
        double[] beta = shifted ? numbers.random(4, length) : null;
        Expected expected = new Expected(
                rows * length, rows, i -> i / length, length, i -> i % length, gamma, beta, centred, slope);
        Memory x = numbers.memory(expected.x);
        Memory y = numbers.memory(expected.x.length);
        RowNorm norm = new RowNorm(
                x,
                rows,
                length,
                scaled ? numbers.memory(gamma) : null,
                shifted ? numbers.memory(beta) : null,
                centred,
                EPSILON,
                slope);
        double[] mean = new double[rows];
        double[] variance = new double[rows];
        norm.forward(x, y, mean, variance);
        Memory dx = numbers.memory(expected.x.length);
        double[] dgamma = new double[length];
        double[] dbeta = new double[length];
        norm.backward(x, numbers.memory(expected.dy), dx, mean, variance, dgamma, dbeta);
        if (!scaled && !shifted) {
            assertThat(dgamma).as("without affine").containsOnly(0);
            assertThat(dbeta).as("without affine").containsOnly(0);
            dgamma = expected.dgamma;
            dbeta = expected.dbeta;
        }
        expected.check(rows + " rows of " + length, y, mean, variance, dx, dgamma, dbeta);
        norm.forward(x, x, mean, variance);
        numbers.assertClose("in place", Numbers.values(x), Numbers.values(y));
    }

    /**
     * Examples, channels, length and groups, 0 for those of the batch: of one piece, of several rows each, several in a piece,
     * of parts of rows.
     */
    @Test
    void channels() {
        int[][] sizes = {
            {1, 1, 2, 1},
            {2, 6, 7, 3},
            {5, 6, 1, 2},
            {3, 4, 5, 0},
            {1, 3, 41, 0},
            {2, 130, 5, 65},
            {3, 131, 9, 0},
            {2, 4, TILE / 2, 2},
            {1, 4, TILE / 2 + 1, 2},
            {7, 2, TILE / 3, 0},
            {2, 10, TILE / 4 - 1, 1},
            {2, 2, TILE + 1, 2},
            {2, 2, 2 * TILE + 3, 1},
            {3, 2, TILE + 9, 0},
            {40_000, 2, 1, 0}
        };
        for (int[] s : sizes) {
            channel(s[0], s[1], s[2], s[3], true, 1, true);
            channel(s[0], s[1], s[2], s[3], true, 0, false);
            channel(s[0], s[1], s[2], s[3], false, 0.25, s[0] % 2 == 0);
        }
    }

    private void channel(int n, int c, int length, int groups, boolean centred, double slope, boolean perExample) {
        boolean batch = groups == 0;
        RowGroups rowGroups = batch ? RowGroups.perChannel(n, c, length) : RowGroups.perExample(n, c, length, groups);
        int parameters = perExample && !batch ? n * c : c;
        double[] gamma = numbers.random(3, parameters);
        double[] beta = numbers.random(4, parameters);
        Expected expected = new Expected(
                n * c * length,
                rowGroups.count(),
                i -> batch ? i / length % c : i / (c / groups * length),
                parameters,
                i -> i / length % parameters,
                gamma,
                beta,
                centred,
                slope);
        ChannelNorm norm = new ChannelNorm(rowGroups, parameters, gamma, beta, null, centred, EPSILON, slope);
        Memory x = numbers.memory(expected.x);
        Memory y = numbers.memory(expected.x.length);
        double[] mean = new double[rowGroups.count()];
        double[] variance = new double[rowGroups.count()];
        norm.forward(x, y, mean, variance);
        Memory dx = numbers.memory(expected.x.length);
        double[] dgamma = new double[parameters];
        double[] dbeta = new double[parameters];
        double[] none = new double[rowGroups.count()];
        norm.backward(x, numbers.memory(expected.dy), dx, null, mean, variance, false, none, none, dgamma, dbeta);
        expected.check(Arrays.toString(new int[] {n, c, length, groups}), y, mean, variance, dx, dgamma, dbeta);
        statistics(norm, rowGroups, expected, x, mean, variance);
        norm.forward(x, x, mean, variance);
        numbers.assertClose("in place", Numbers.values(x), Numbers.values(y));
    }

    private void statistics(
            ChannelNorm norm, RowGroups groups, Expected expected, Memory x, double[] mean, double[] variance) {
        double[] again = new double[groups.count()];
        double[] variances = new double[groups.count()];
        norm.statistics(x, again, variances);
        Numbers.DOUBLE.assertClose("mean", again, mean);
        Numbers.DOUBLE.assertClose("variance", variances, variance);
        Memory normalized = numbers.memory(expected.x.length);
        norm.normalize(x, normalized, mean, variance);
        numbers.assertClose("normalize", Numbers.values(normalized), expected.y);

        double[] dmean = Numbers.DOUBLE.random(5, groups.count());
        double[] dvariance = Numbers.DOUBLE.random(6, groups.count());
        Memory dx = numbers.memory(expected.x.length);
        norm.statisticsGradient(x, dx, mean, dmean, dvariance);
        double[] gradient = new double[expected.x.length];
        double m = groups.size();
        for (int i = 0; i < gradient.length; i++) {
            int g = expected.group.applyAsInt(i);
            gradient[i] = (expected.centred ? dmean[g] : 0) / m + 2 * (expected.x[i] - mean[g]) * dvariance[g] / m;
        }
        numbers.assertClose("gradient of the statistics", Numbers.values(dx), gradient);
    }

    /** The definitions, number by number. */
    private final class Expected {
        final IntUnaryOperator group;
        final boolean centred;
        final double[] x;
        final double[] dy;
        final double[] y;
        final double[] dx;
        final double[] mean;
        final double[] variance;
        final double[] dgamma;
        final double[] dbeta;

        Expected(
                int length,
                int groups,
                IntUnaryOperator group,
                int parameters,
                IntUnaryOperator parameter,
                double[] gamma,
                double[] beta,
                boolean centred,
                double slope) {
            this.group = group;
            this.centred = centred;
            x = numbers.random(1, length);
            dy = numbers.random(2, length);
            y = new double[length];
            dx = new double[length];
            mean = new double[groups];
            variance = new double[groups];
            dgamma = new double[parameters];
            dbeta = new double[parameters];
            double m = (double) length / groups;
            for (int i = 0; i < length && centred; i++) {
                mean[group.applyAsInt(i)] += x[i] / m;
            }
            for (int i = 0; i < length; i++) {
                int g = group.applyAsInt(i);
                variance[g] += (x[i] - mean[g]) * (x[i] - mean[g]) / m;
            }
            double[] meanG = new double[groups];
            double[] meanGX = new double[groups];
            double[] gradient = new double[length];
            for (int i = 0; i < length; i++) {
                int g = group.applyAsInt(i);
                int p = parameter.applyAsInt(i);
                double normalized = (x[i] - mean[g]) / Math.sqrt(variance[g] + EPSILON);
                double scale = gamma == null ? 1 : gamma[p];
                double v = scale * normalized + (beta == null ? 0 : beta[p]);
                // where float and double may see another sign, the gradient says nothing
                if (Math.abs(v) < 1e-5) {
                    dy[i] = 0;
                }
                y[i] = v > 0 ? v : slope * v;
                double dv = v > 0 ? dy[i] : slope * dy[i];
                dgamma[p] += dv * normalized;
                dbeta[p] += dv;
                gradient[i] = scale * dv;
                meanG[g] += centred ? gradient[i] / m : 0;
                meanGX[g] += gradient[i] * normalized / m;
            }
            for (int i = 0; i < length; i++) {
                int g = group.applyAsInt(i);
                double inverse = 1 / Math.sqrt(variance[g] + EPSILON);
                dx[i] = (gradient[i] - meanG[g] - (x[i] - mean[g]) * inverse * meanGX[g]) * inverse;
            }
        }

        void check(
                String what,
                Memory actualY,
                double[] actualMean,
                double[] actualVariance,
                Memory actualDx,
                double[] actualDgamma,
                double[] actualDbeta) {
            numbers.assertClose(what + " y", Numbers.values(actualY), y);
            Numbers.DOUBLE.assertClose(what + " mean", actualMean, mean);
            // squares that are not centred lose nothing in blocks of floats
            (centred ? Numbers.DOUBLE : numbers).assertClose(what + " variance", actualVariance, variance);
            numbers.assertClose(what + " dx", Numbers.values(actualDx), dx);
            numbers.assertClose(what + " dgamma", perElement(actualDgamma), perElement(dgamma));
            numbers.assertClose(what + " dbeta", perElement(actualDbeta), perElement(dbeta));
        }

        /** Sums in proportion to how many numbers were added, as their rounding errors are. */
        private double[] perElement(double[] sums) {
            double count = (double) x.length / sums.length;
            return DoubleStream.of(sums).map(sum -> sum / count).toArray();
        }
    }
}
