package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.layouts;
import static io.github.dl4jnorms.Arrays.random;
import static io.github.dl4jnorms.SpectralMatrices.clustered;
import static io.github.dl4jnorms.SpectralMatrices.largest;
import static io.github.dl4jnorms.SpectralMatrices.withSingularValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.op.ComposedForm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Norms#spectralNorm} and {@link SDNorms#spectralNorm} against LAPACK's gesvd. */
class SpectralNormFunctionTest {

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF", "BFLOAT16"})
    void anyTypeAndLayout(DataType type) {
        INDArray matrix = random(1, type, 6, 4);
        double expected = largest(matrix);
        layouts(matrix)
                .forEach((layout, x) ->
                        assertThat(Norms.spectralNorm(x)).as(layout).isCloseTo(expected, within(1e-12 * expected)));
        assertThat(Norms.spectralNorm(matrix.transpose())).isCloseTo(expected, within(1e-12 * expected));
    }

    @Test
    void leavesTheMatrixAlone() {
        INDArray matrix = random(2, DataType.DOUBLE, 5, 5);
        INDArray before = matrix.dup();
        Norms.spectralNorm(matrix);
        assertThat(matrix).isEqualTo(before);
    }

    @Test
    void byHand() {
        assertThat(Norms.spectralNorm(Nd4j.create(new double[][] {{3, 4}}))).isCloseTo(5, within(1e-14));
        assertThat(Norms.spectralNorm(Nd4j.eye(4))).isCloseTo(1, within(1e-14));
        assertThat(Norms.spectralNorm(Nd4j.create(new double[][] {{1, 1}, {0, 1}})))
                .as("the golden ratio, where the largest eigenvalue is 1")
                .isCloseTo((1 + Math.sqrt(5)) / 2, within(1e-14));
        assertThat(Norms.spectralNorm(Nd4j.zeros(3, 2))).isZero();
    }

    @Test
    void refusesWhatIsNoMatrix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Norms.spectralNorm(null))
                .withMessage("matrix: takes an array, received null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Norms.spectralNorm(Nd4j.ones(2, 3, 4)))
                .withMessage("matrix: takes rank 2 with at least one value, received shape [2, 3, 4]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Norms.spectralNorm(Nd4j.ones(DataType.INT32, 2, 3)))
                .withMessage("matrix: takes a floating-point type, received INT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SDNorms.spectralNorm(SameDiff.create(), null))
                .withMessage("matrix: takes a variable, received null");
        SameDiff sd = SameDiff.create();
        SDNorms.spectralNorm(sd, sd.placeHolder("w", DataType.FLOAT, -1, -1, -1))
                .rename("norm");
        assertThatThrownBy(() -> sd.output(Map.of("w", Nd4j.ones(2, 3, 4)), "norm"))
                .hasStackTraceContaining("matrix: takes rank 2");
    }

    @ParameterizedTest
    @CsvSource({"5, 3, false", "3, 5, false", "4, 4, false", "5, 3, true", "3, 5, true", "4, 4, true"})
    void gradientIsTheOuterProductOfTheSingularVectors(int rows, int columns, boolean composed) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            INDArray w = random(7, DataType.DOUBLE, rows, columns);
            SameDiff sd = graph(w);
            double value = sd.output(Map.of(), "loss").get("loss").getDouble(0);
            assertThat(value).isCloseTo(Math.pow(largest(w), 2), within(1e-10));
            INDArray gradient = sd.calculateGradients(Map.of(), "w").get("w");
            for (int i = 0; i < w.length(); i++) {
                INDArray above = w.dup('c');
                above.putScalar(i, w.getDouble(i) + 1e-6);
                INDArray below = w.dup('c');
                below.putScalar(i, w.getDouble(i) - 1e-6);
                double expected = (Math.pow(largest(above), 2) - Math.pow(largest(below), 2)) / 2e-6;
                assertThat(gradient.getDouble(i)).isCloseTo(expected, within(1e-7));
            }
        }
    }

    /** The square of the norm, so that a gradient other than 1 comes back. */
    private static SameDiff graph(INDArray w) {
        SameDiff sd = SameDiff.create();
        SDVariable norm = SDNorms.spectralNorm(sd, sd.var("w", w.dup('c')));
        norm.mul(norm).rename("loss").markAsLoss();
        return sd;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeSingularValues(boolean composed) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            for (double spread : new double[] {0, 1e-8, 1e-5, 1e-3}) {
                INDArray w = withSingularValues(3, 30, 20, clustered(20, spread));
                SameDiff sd = graph(w);
                assertThat(Math.sqrt(sd.output(Map.of(), "loss").get("loss").getDouble(0)))
                        .isCloseTo(3, within(composed ? 3 * Math.log(20) / (1 << 13) : 1e-12));
            }
        }
    }

    @Test
    void survivesSaving(@TempDir Path folder) throws IOException {
        SameDiff sd = graph(random(9, DataType.DOUBLE, 4, 3));
        File file = folder.resolve("graph.fb").toFile();
        sd.save(file, true);
        SameDiff loaded = SameDiff.load(file, true);
        assertThat(loaded.output(Map.of(), "loss")).isEqualTo(sd.output(Map.of(), "loss"));
        assertThat(loaded.calculateGradients(Map.of(), "w")).isEqualTo(sd.calculateGradients(Map.of(), "w"));
    }
}
