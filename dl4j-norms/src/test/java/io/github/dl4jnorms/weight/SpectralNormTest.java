package io.github.dl4jnorms.weight;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static io.github.dl4jnorms.SpectralMatrices.clustered;
import static io.github.dl4jnorms.SpectralMatrices.largest;
import static io.github.dl4jnorms.SpectralMatrices.withSingularValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.op.ComposedForm;
import io.github.dl4jnorms.op.SingularTriple;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The true spectral norm, by LAPACK's gesvd, of what spectral normalization makes. */
class SpectralNormTest {

    private static final int IN = 12;
    private static final int OUT = 9;

    /** Steps so large that the weight is another one each time. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void theBoundHoldsInEveryStepOfTraining(DataType type) {
        MultiLayerNetwork network = Effective.network(IN, OUT, SpectralNorm.bounded(), type, 50);
        for (int step = 0; step < 100; step++) {
            network.fit(random(step, type, 4, IN), random(1000 + step, type, 4, OUT));
            assertBounded(network, 1e-4);
        }
    }

    private static void assertBounded(MultiLayerNetwork network, double tolerance) {
        for (boolean training : new boolean[] {true, false}) {
            assertThat(largest(Effective.weight(network, training)))
                    .isLessThanOrEqualTo(1 + tolerance)
                    .isGreaterThanOrEqualTo(1 / (1 + tolerance));
        }
    }

    @Test
    void oneIterationPerStepDoesNotHoldTheBound() {
        MultiLayerNetwork network = Effective.network(IN, OUT, new SpectralNorm(), DataType.DOUBLE, 50);
        double most = 0;
        for (int step = 0; step < 100; step++) {
            network.fit(random(step, DataType.DOUBLE, 4, IN), random(1000 + step, DataType.DOUBLE, 4, OUT));
            most = Math.max(most, largest(Effective.weight(network, true)));
        }
        assertThat(most).isGreaterThan(1.01);
    }

    @ParameterizedTest
    @CsvSource({"1e-6, 1e-4", "1e-4, 1e-4", "1e-3, 1e-4", "1e-2, 1e-4", "1e-3, 1e-6", "0, 1e-7"})
    void closeSingularValues(double spread, double tolerance) {
        for (boolean composed : new boolean[] {false, true}) {
            if (composed && tolerance < 1e-5) {
                continue;
            }
            try (ComposedForm form = ComposedForm.use(composed)) {
                MultiLayerNetwork network =
                        Effective.network(IN, OUT, SpectralNorm.bounded(tolerance), DataType.DOUBLE, 0.1);
                for (int seed = 0; seed < 5; seed++) {
                    network.setParam("0_W", withSingularValues(10 * seed, OUT, IN, clustered(OUT, spread)));
                    assertBounded(network, tolerance);
                }
            }
        }
    }

    /** PyTorch's iteration stays where it is; the bound does not depend on it. */
    @ParameterizedTest
    @CsvSource({"3", "1.01", "1.0005"})
    void singularVectorsOrthogonalToTheLargest(double first) {
        INDArray w = withSingularValues(1, OUT, IN, first, 1, 0.3);
        SingularTriple top = SingularTriple.of(w);
        INDArray u = top.left().reshape(OUT, 1);
        INDArray v = top.right().reshape(1, IN);
        SingularTriple second = SingularTriple.of(w.sub(u.mmul(v).mul(first)));
        for (Parametrization parametrization : new Parametrization[] {SpectralNorm.bounded(), new SpectralNorm()}) {
            MultiLayerNetwork network = Effective.network(IN, OUT, parametrization, DataType.DOUBLE, 0.1);
            network.setParam("0_W", w);
            network.setParam("0_Wu", second.left());
            network.setParam("0_Wv", second.right());
            if (parametrization.equals(SpectralNorm.bounded())) {
                assertBounded(network, 1e-4);
            } else {
                assertThat(largest(Effective.weight(network, true))).isGreaterThan(1 + 0.9 * (first - 1));
            }
        }
    }

    @Test
    void startsNearTheSpectralNorm() {
        MultiLayerNetwork network = Effective.network(IN, OUT, new SpectralNorm(), DataType.DOUBLE, 0.1);
        INDArray w = network.getParam("0_W");
        assertThat(largest(Effective.weight(network, false))).isBetween(0.999, 1.05);
        assertThat(network.getParam("0_Wu").shape()).containsExactly(OUT);
        assertThat(network.getParam("0_Wv").shape()).containsExactly(IN);
        assertThat(network.getParam("0_Wv").norm2Number().doubleValue()).isBetween(1 - 1e-12, 1 + 1e-12);
        assertThat(Effective.weight(network, false).div(w).stdNumber().doubleValue())
                .as("a multiple of w")
                .isLessThan(1e-12);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void evaluationLeavesTheBuffersAlone(boolean bounded, boolean composed) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            Parametrization parametrization = bounded ? SpectralNorm.bounded() : new SpectralNorm();
            MultiLayerNetwork network = Effective.network(IN, OUT, parametrization, DataType.DOUBLE, 1);
            INDArray x = random(1, DataType.DOUBLE, 3, IN);
            network.fit(x, random(2, DataType.DOUBLE, 3, OUT));
            INDArray before = network.params().dup();
            INDArray first = network.output(x).dup();
            INDArray second = network.output(x);
            assertClose("the same again", second, first);
            assertThat(network.params()).isEqualTo(before);
        }
    }

    /** By one iteration with the weight that the step began with. */
    @Test
    void trainingRenewsTheBuffers() {
        MultiLayerNetwork network = Effective.network(IN, OUT, new SpectralNorm(), DataType.DOUBLE, 1);
        INDArray w = network.getParam("0_W").dup();
        INDArray v = random(3, DataType.DOUBLE, IN);
        network.setParam("0_Wv", v);
        network.fit(random(1, DataType.DOUBLE, 3, IN), random(2, DataType.DOUBLE, 3, OUT));
        INDArray u = w.mmul(v.reshape(IN, 1));
        INDArray back = w.transpose().mmul(u);
        assertClose("u", network.getParam("0_Wu"), u.div(u.norm2Number()).reshape(OUT));
        assertClose("v", network.getParam("0_Wv"), back.div(back.norm2Number()).reshape(IN));
    }

    @Test
    void aWeightOfZero() {
        MultiLayerNetwork network = Effective.network(IN, OUT, SpectralNorm.bounded(), DataType.FLOAT, 0.1);
        network.getParam("0_W").assign(0);
        assertThat(Effective.weight(network, true).amaxNumber().doubleValue()).isZero();
    }

    @Test
    void refusesWrongSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpectralNorm(0))
                .withMessage("iterations: takes a number greater than 0, received 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpectralNorm.bounded(1e-9))
                .withMessage("tolerance: takes a number from 1e-7 to 1, received 1.0E-9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpectralNorm(null, 1, null, 0))
                .withMessage("epsilon: takes a number greater than 0, received 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Effective.network(3, 2, new SpectralNorm().withDim(2), DataType.FLOAT, 1))
                .withMessage("dim: takes 0 to 1 for a weight of shape [2, 3], received 2");
    }
}
