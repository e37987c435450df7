package io.github.dl4jnorms.op;

import static io.github.dl4jnorms.Arrays.random;
import static io.github.dl4jnorms.SpectralMatrices.clustered;
import static io.github.dl4jnorms.SpectralMatrices.largest;
import static io.github.dl4jnorms.SpectralMatrices.withSingularValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SingularTripleTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "7, 1", "5, 5", "4, 9", "9, 4", "64, 64", "200, 70"})
    void isLapacks(int rows, int columns) {
        INDArray w = random(1, DataType.DOUBLE, rows, columns);
        SingularTriple triple = SingularTriple.of(w);
        double expected = largest(w);
        assertThat(triple.value()).isCloseTo(expected, within(1e-13 * expected));
        assertTriple(w, triple, 1e-11);
    }

    private static void assertTriple(INDArray w, SingularTriple triple, double tolerance) {
        INDArray u = triple.left().reshape(w.rows(), 1);
        INDArray v = triple.right().reshape(w.columns(), 1);
        assertThat(u.norm2Number().doubleValue()).isCloseTo(1, within(1e-12));
        assertThat(v.norm2Number().doubleValue()).isCloseTo(1, within(1e-12));
        assertThat(w.mmul(v).sub(u.mul(triple.value())).amaxNumber().doubleValue())
                .as("W v − σ u")
                .isLessThan(tolerance * triple.value());
        assertThat(w.transpose().mmul(u).sub(v.mul(triple.value())).amaxNumber().doubleValue())
                .as("Wᵀ u − σ v")
                .isLessThan(tolerance * triple.value());
    }

    /** A start that power iteration cannot leave: the second singular vector, orthogonal to the first. */
    @ParameterizedTest
    @CsvSource({"2", "1.001", "1.0002"})
    void findsTheLargestFromAStartOrthogonalToIt(double first) {
        INDArray w = withSingularValues(1, 20, 30, first, 1, 0.5, 0.1);
        INDArray second = SingularTriple.of(w.sub(outer(SingularTriple.of(w)))).right();
        SingularTriple triple = SingularTriple.within(w, second, 1e-5);
        assertThat(triple.value()).isCloseTo(first, within(1e-12));
    }

    private static INDArray outer(SingularTriple triple) {
        return triple.left()
                .reshape(triple.left().length(), 1)
                .mmul(triple.right().reshape(1, triple.right().length()))
                .mul(triple.value());
    }

    /** From a start in the null space, or no direction at all. */
    @Test
    void findsTheLargestFromAnUselessStart() {
        INDArray w = Nd4j.create(new double[][] {{3, 0, 0}, {0, 2, 0}});
        for (double[] start : new double[][] {{0, 0, 1}, {0, 0, 0}, {Double.NaN, 0, 0}}) {
            assertThat(SingularTriple.within(w, Nd4j.createFromArray(start), 1e-5)
                            .value())
                    .isCloseTo(3, within(1e-12));
        }
    }

    @Property(tries = 60)
    void theLargestIsWithinTheSlack(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll @IntRange(min = 1, max = 6) int spreadDigits,
            @ForAll @IntRange(min = 1, max = 7) int slackDigits,
            @ForAll @IntRange(min = 0, max = 1000) int seed) {
        double spread = Math.pow(10, -spreadDigits);
        double slack = Math.pow(10, -slackDigits);
        INDArray w = withSingularValues(seed, rows, columns, clustered(Math.min(rows, columns), spread));
        SingularTriple triple = SingularTriple.within(w, random(seed, DataType.DOUBLE, columns), slack);
        double largest = largest(w);
        assertThat(largest).isLessThanOrEqualTo(triple.value() * (1 + slack) * (1 + 1e-12));
        assertThat(triple.value()).isLessThanOrEqualTo(largest * (1 + 1e-12));
    }

    @Test
    void extremeScales() {
        INDArray w = random(3, DataType.DOUBLE, 4, 6);
        double value = SingularTriple.of(w).value();
        for (double scale : new double[] {1e-200, 1e200}) {
            assertThat(SingularTriple.of(w.mul(scale)).value() / scale).isCloseTo(value, within(1e-12 * value));
            assertThat(SingularTriple.within(w.mul(scale), Nd4j.ones(DataType.DOUBLE, 6), 1e-4)
                                    .value()
                            / scale)
                    .isCloseTo(value, within(2e-4 * value));
        }
    }

    @Test
    void zeroAndWhatIsNoNumber() {
        SingularTriple zero = SingularTriple.of(Nd4j.zeros(DataType.DOUBLE, 3, 2));
        assertThat(zero.value()).isZero();
        assertThat(zero.left().toDoubleVector()).containsExactly(1, 0, 0);
        assertThat(SingularTriple.within(Nd4j.zeros(DataType.DOUBLE, 3, 2), Nd4j.ones(2), 1e-4)
                        .value())
                .isZero();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            INDArray w = Nd4j.ones(DataType.DOUBLE, 3, 2);
            w.putScalar(1, 1, bad);
            assertThat(SingularTriple.of(w).value()).isNaN();
            assertThat(SingularTriple.within(w, Nd4j.ones(2), 1e-4).value()).isNaN();
        }
    }
}
