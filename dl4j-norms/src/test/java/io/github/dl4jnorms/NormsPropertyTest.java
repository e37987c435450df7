package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.difference;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the norms' definitions imply. */
class NormsPropertyTest {

    private static final double EPSILON = 1e-5;
    private static final int TRIES = 100;

    /** Random numbers in [N, C, length], C = groups · size, in double. */
    record Input(INDArray x, int groups) {
        int channels() {
            return (int) x.size(1);
        }

        @Override
        public String toString() {
            return java.util.Arrays.toString(x.shape()) + ", groups " + groups;
        }
    }

    @Provide
    Arbitrary<Input> inputs() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(2, 17),
                        Arbitraries.integers().between(1, 1_000_000))
                .as((n, groups, size, length, seed) ->
                        new Input(random(seed, DataType.DOUBLE, n, (long) groups * size, length), groups))
                .withoutEdgeCases();
    }

    private static INDArray groupNorm(INDArray x, int groups) {
        return Norms.groupNorm(x, groups, null, null, EPSILON);
    }

    private static void same(INDArray actual, INDArray expected, double tolerance) {
        assertThat(difference(actual, expected)).isLessThan(tolerance);
    }

    @Property(tries = TRIES)
    void aGroupPerChannelIsInstanceNorm(@ForAll("inputs") Input in) {
        same(groupNorm(in.x(), in.channels()), Norms.instanceNorm(in.x(), null, null, EPSILON), 1e-15);
    }

    @Property(tries = TRIES)
    void oneGroupNormalizesWholeExamples(@ForAll("inputs") Input in) {
        INDArray y = groupNorm(in.x(), 1);
        for (int n = 0; n < in.x().size(0); n++) {
            INDArray example = in.x().get(NDArrayIndex.point(n)).dup();
            double mean = example.meanNumber().doubleValue();
            INDArray centred = example.sub(mean);
            double variance = centred.mul(centred).meanNumber().doubleValue();
            same(y.get(NDArrayIndex.point(n)).dup(), centred.div(Math.sqrt(variance + EPSILON)), 1e-12);
        }
    }

    @Property(tries = TRIES)
    void oneGroupIsLayerNormOverAllButTheFirstDimension(@ForAll("inputs") Input in) {
        same(groupNorm(in.x(), 1), Norms.layerNorm(in.x(), 1, null, null, EPSILON), 1e-13);
        INDArray gamma = random(7, DataType.DOUBLE, in.channels());
        INDArray beta = random(8, DataType.DOUBLE, in.channels());
        same(
                Norms.groupNorm(in.x(), 1, gamma, beta, EPSILON),
                Norms.layerNorm(in.x(), 1, perElement(gamma, in.x()), perElement(beta, in.x()), EPSILON),
                1e-13);
    }

    /** A number per channel as one per element. */
    private static INDArray perElement(INDArray perChannel, INDArray x) {
        return perChannel.reshape(x.size(1), 1).broadcast(x.size(1), x.size(2)).dup('c');
    }

    @Property(tries = TRIES)
    void rmsNormOfCentredRowsIsLayerNorm(@ForAll("inputs") Input in) {
        INDArray centred = in.x().sub(in.x().mean(true, 2));
        same(Norms.rmsNorm(centred, -1, null, EPSILON), Norms.layerNorm(in.x(), -1, null, null, EPSILON), 1e-12);
    }

    @Property(tries = TRIES)
    void shiftAndScaleOfARow(
            @ForAll("inputs") Input in,
            @ForAll @DoubleRange(min = -100, max = 100) double shift,
            @ForAll @DoubleRange(min = 0.1, max = 100) double scale) {
        INDArray y = Norms.layerNorm(in.x(), 1, null, null, 0);
        same(Norms.layerNorm(in.x().mul(scale).add(shift), 1, null, null, 0), y, 1e-6);
        INDArray rms = Norms.rmsNorm(in.x(), 1, null, 0);
        same(Norms.rmsNorm(in.x().mul(scale), 1, null, 0), rms, 1e-12);
        same(Norms.rmsNorm(in.x().neg(), 1, null, 0), rms.neg(), 1e-15);
    }

    @Property(tries = TRIES)
    void rowsDoNotSeeEachOther(@ForAll("inputs") Input in) {
        INDArray all = Norms.layerNorm(in.x(), -1, null, null, EPSILON);
        INDArray rms = Norms.rmsNorm(in.x(), 1, null, EPSILON);
        for (int n = 0; n < in.x().size(0); n++) {
            INDArray example = in.x().get(NDArrayIndex.point(n)).dup();
            same(Norms.layerNorm(example, 1, null, null, EPSILON), all.get(NDArrayIndex.point(n)), 1e-15);
            same(Norms.rmsNorm(example, 0, null, EPSILON), rms.get(NDArrayIndex.point(n)), 1e-15);
        }
    }

    @Property(tries = TRIES)
    void adaInHasTheStylesMeanAndDeviation(@ForAll("inputs") Input in) {
        int n = (int) in.x().size(0);
        INDArray style = random(9, DataType.DOUBLE, n, in.channels(), 11).mul(2);
        INDArray y = Norms.adaIn(in.x(), style, 0);
        INDArray mean = style.mean(2);
        INDArray deviation = style.std(false, 2);
        same(y.mean(2), mean, 1e-9);
        same(y.std(false, 2), deviation, 1e-9);
        same(Norms.adaIn(in.x(), in.x(), 0), in.x(), 1e-9);
    }

    @Property(tries = TRIES)
    void aPermutedBatchGivesPermutedGroupNorms(@ForAll("inputs") Input in) {
        int n = (int) in.x().size(0);
        int[] reversed = IntStream.range(0, n).map(i -> n - 1 - i).toArray();
        INDArray permuted =
                Nd4j.pullRows(in.x().reshape(n, -1), 1, reversed).reshape(in.x().shape());
        INDArray expected = Nd4j.pullRows(groupNorm(in.x(), in.groups()).reshape(n, -1), 1, reversed)
                .reshape(in.x().shape());
        same(groupNorm(permuted, in.groups()), expected, 1e-15);
        same(
                Norms.batchStatistics(permuted).variance(),
                Norms.batchStatistics(in.x()).variance(),
                1e-12);
        same(
                Norms.batchStatistics(permuted).mean(),
                Norms.batchStatistics(in.x()).mean(),
                1e-12);
    }

    @Property(tries = TRIES)
    void shiftAndScaleOfTheInputDoNotMatter(
            @ForAll("inputs") Input in,
            @ForAll @DoubleRange(min = -100, max = 100) double shift,
            @ForAll @DoubleRange(min = 0.1, max = 100) double scale) {
        INDArray y = Norms.groupNorm(in.x(), in.groups(), null, null, 0);
        same(Norms.groupNorm(in.x().mul(scale).add(shift), in.groups(), null, null, 0), y, 1e-6);
        same(Norms.groupNorm(in.x().neg(), in.groups(), null, null, 0), y.neg(), 1e-12);
    }

    @Property(tries = TRIES)
    void aNormalizedBatchHasBetaForMeanAndGammaForDeviation(
            @ForAll("inputs") Input in, @ForAll @DoubleRange(min = 0.1, max = 3) double gamma) {
        int c = in.channels();
        INDArray scale = Nd4j.valueArrayOf(new long[] {c}, gamma, DataType.DOUBLE);
        INDArray shift = random(7, DataType.DOUBLE, c);
        BatchStatistics s = Norms.batchStatistics(in.x());
        BatchStatistics t = Norms.batchStatistics(Norms.batchNorm(in.x(), s.mean(), s.variance(), scale, shift, 0));
        same(t.mean(), shift, 1e-9);
        for (int i = 0; i < c; i++) {
            assertThat(t.variance().getDouble(i)).isCloseTo(gamma * gamma, within(1e-8));
        }
    }

    @Property(tries = TRIES)
    void aNaNHarmsItsOwnGroupOnly(@ForAll("inputs") Input in) {
        INDArray clean = groupNorm(in.x(), in.groups());
        INDArray poisoned = in.x().dup();
        poisoned.putScalar(new long[] {0, 0, 0}, Double.NaN);
        INDArray y = groupNorm(poisoned, in.groups());
        int size = in.channels() / in.groups();
        for (int n = 0; n < in.x().size(0); n++) {
            for (int c = 0; c < in.channels(); c++) {
                for (int i = 0; i < in.x().size(2); i++) {
                    if (n == 0 && c < size) {
                        assertThat(y.getDouble(n, c, i)).isNaN();
                    } else {
                        assertThat(y.getDouble(n, c, i)).isEqualTo(clean.getDouble(n, c, i));
                    }
                }
            }
        }
    }

    @Property(tries = TRIES)
    void constantInputGivesBeta(
            @ForAll("inputs") Input in, @ForAll @DoubleRange(min = -1000, max = 1000) double constant) {
        INDArray beta = random(8, DataType.FLOAT, in.channels());
        INDArray x = Nd4j.valueArrayOf(in.x().shape(), constant, DataType.FLOAT);
        INDArray expected = beta.reshape(1, in.channels(), 1).broadcast(x.shape());
        assertThat(difference(Norms.groupNorm(x, in.groups(), null, beta, EPSILON), expected))
                .isZero();
        BatchStatistics s = Norms.batchStatistics(x);
        assertThat(difference(Norms.batchNorm(x, s.mean(), s.variance(), null, beta, EPSILON), expected))
                .isZero();
    }

    /** Up to the square root of the largest number; beyond it the variance is infinite and every value the mean. */
    @Property(tries = TRIES)
    void magnitudesUpToTheRootOfTheLargestNumber(
            @ForAll("inputs") Input in, @ForAll @DoubleRange(min = -30, max = 30) double exponent) {
        double scale = Math.pow(10, exponent);
        INDArray y = Norms.groupNorm(in.x(), in.groups(), null, null, 0);
        same(Norms.groupNorm(in.x().mul(scale), in.groups(), null, null, 0), y, 1e-9);
        INDArray floats = in.x().castTo(DataType.FLOAT).mul(scale);
        INDArray expected = ByHand.groupNorm(floats, in.groups(), null, null, 0);
        same(Norms.groupNorm(floats, in.groups(), null, null, 0), expected, 1e-4);
    }
}
