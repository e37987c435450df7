package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.op.ComposedForm;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What comes of numbers at the ends of their type, and of rows without variance. */
class ExtremesTest {

    private static final int C = 6;

    /** Norms that treat each example by itself. */
    private static final Map<String, UnaryOperator<INDArray>> BY_EXAMPLE = Map.of(
            "layerNorm", x -> Norms.layerNorm(x, 1, null, null, 1e-5),
            "rmsNorm", x -> Norms.rmsNorm(x, 1, null, 1e-6),
            "groupNorm", x -> Norms.groupNorm(x, 2, null, null, 1e-5),
            "instanceNorm", x -> Norms.instanceNorm(x, null, null, 1e-5),
            "adaIn", x -> Norms.adaIn(x, x, 1e-5));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void notANumberAndInfinitiesHarmTheirOwnExampleOnly(boolean composed) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (double poison : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                INDArray x = random(1, type, 3, C, 5);
                INDArray poisoned = x.dup();
                poisoned.putScalar(new long[] {1, 2, 3}, poison);
                try (ComposedForm form = ComposedForm.use(composed)) {
                    BY_EXAMPLE.forEach((name, norm) -> {
                        INDArray clean = norm.apply(x);
                        INDArray y = norm.apply(poisoned);
                        for (int n : new int[] {0, 2}) {
                            assertThat(y.get(NDArrayIndex.point(n)))
                                    .as(name)
                                    .isEqualTo(clean.get(NDArrayIndex.point(n)));
                        }
                        assertThat(y.getDouble(1, 2, 3)).as(name).isNaN();
                    });
                    BatchStatistics s = Norms.batchStatistics(poisoned);
                    for (int c = 0; c < C; c++) {
                        assertThat(Double.isFinite(s.variance().getDouble(c))).isEqualTo(c != 2);
                    }
                }
            }
        }
    }

    /** No variance: what is left is β, as long as a double's rounding of the mean, squared, is small beside ε. */
    @Test
    void constantRowsGiveBeta() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (double constant : new double[] {0, 0.1, -1e4, type == DataType.FLOAT ? 1e30 : 1e8, 1e-30}) {
                INDArray x = Nd4j.valueArrayOf(new long[] {2, C, 5}, constant, type);
                INDArray beta = random(2, type, C, 5);
                INDArray expected = beta.reshape(1, C, 5).broadcast(2, C, 5);
                assertClose("constant " + constant, Norms.layerNorm(x, 1, null, beta, 1e-5), expected);
            }
            INDArray ones = Nd4j.valueArrayOf(new long[] {2, C}, 7, type);
            assertClose("root mean square", Norms.rmsNorm(ones, -1, null, 0), Nd4j.ones(type, 2, C));
            INDArray zeros = Nd4j.zeros(type, 2, C);
            assertThat(Norms.rmsNorm(zeros, -1, null, 1e-6)).isEqualTo(zeros);
        }
    }

    /** Squares are of doubles, so that a float's go neither over nor under. */
    @ParameterizedTest
    @CsvSource({"1e30, FLOAT", "1e-30, FLOAT", "1e30, DOUBLE", "1e-30, DOUBLE", "1e150, DOUBLE", "1e-150, DOUBLE"})
    void magnitudes(double scale, DataType type) {
        INDArray unit = random(3, DataType.DOUBLE, 3, C, 5);
        INDArray x = unit.mul(scale).castTo(type);
        assertClose(
                "layerNorm",
                Norms.layerNorm(x, -1, null, null, 0),
                Norms.layerNorm(unit, -1, null, null, 0).castTo(type));
        assertClose(
                "rmsNorm",
                Norms.rmsNorm(x, 1, null, 0),
                Norms.rmsNorm(unit, 1, null, 0).castTo(type));
        assertClose(
                "groupNorm",
                Norms.groupNorm(x, 3, null, null, 0),
                Norms.groupNorm(unit, 3, null, null, 0).castTo(type));
    }

    /** An infinite variance makes y 0, as PyTorch's does; a float's variance is kept as a float, so that gradients end here. */
    @Test
    void theGradientOfHugeFloatsIsZero() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.var("x", random(4, DataType.FLOAT, 3, C).mul(1e30));
        SDVariable weight = sd.constant(random(5, DataType.FLOAT, 3, C));
        SDNorms.layerNorm(sd, x, -1, null, null, 1e-5).mul(weight).sum().markAsLoss();
        INDArray gradient = sd.calculateGradients(Map.of(), List.of("x")).get("x");
        assertThat(gradient).isEqualTo(Nd4j.zeros(DataType.FLOAT, 3, C));
    }
}
