package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class MlpTest {
    private static final double RATE = 0.1;

    private static Mlp mlp(Form form, int... widths) {
        return new Mlp(form.parametrization(), Activation.RELU, new Sgd(RATE), 3, widths);
    }

    private static double difference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    @Test
    void theEffectiveWeightIsWhatTheLayerComputesWith() {
        Mlp plain = mlp(Form.NONE, 4, 3, 2);
        plain.parameter(0, "b").assign(0.7);
        assertThat(difference(plain.weights(false).get(0), plain.parameter(0, "W")))
                .isZero();
        assertThat(plain.weights(false).get(1).shape()).containsExactly(2, 3);

        Mlp normalized = mlp(Form.WEIGHT, 4, 3, 2);
        INDArray v = normalized.parameter(0, WeightNorm.direction("W"));
        normalized.parameter(0, WeightNorm.length("W")).assign(2);
        assertThat(difference(
                        normalized.weights(false).get(0),
                        v.divColumnVector(v.norm2(true, 1)).mul(2)))
                .isLessThan(1e-14);
    }

    @Test
    void lookingAtTheTrainingWeightRenewsNoBuffers() {
        Mlp spectral = mlp(Form.ONE_ITERATION, 4, 3);
        INDArray u = spectral.parameter(0, SpectralNorm.left("W"));
        INDArray before = u.assign(Nd4j.createFromArray(1.0, 0, 0)).dup();
        INDArray inTraining = spectral.weights(true).get(0);
        assertThat(u).isEqualTo(before);
        assertThat(difference(inTraining, spectral.weights(false).get(0))).isGreaterThan(1e-3);
    }

    @ParameterizedTest
    @EnumSource
    void frozenItIsTheSameFunction(Form form) {
        Mlp f = mlp(form, 4, 8, 3);
        f.parameter(0, "b").assign(0.3);
        INDArray x = Samples.gaussian(new Random(1), 5, 4);
        assertThat(difference(f.frozen(Activation.RELU).output(x), f.output(x))).isLessThan(1e-13);
        assertThat(difference(f.frozen(Activation.TANH).output(x), f.output(x))).isGreaterThan(1e-3);
    }

    @ParameterizedTest
    @EnumSource
    void theInputGradientIsTheDerivative(Form form) {
        Mlp f = mlp(form, 3, 8, 2);
        INDArray x = Samples.gaussian(new Random(1), 4, 3);
        INDArray dy = Samples.gaussian(new Random(2), 4, 2);
        INDArray direction = Samples.gaussian(new Random(3), 4, 3);
        double step = 1e-6;
        double numeric = f.output(x.add(direction.mul(step)))
                        .sub(f.output(x.sub(direction.mul(step))))
                        .mul(dy)
                        .sumNumber()
                        .doubleValue()
                / (2 * step);
        double analytic = f.inputGradient(x, dy).mul(direction).sumNumber().doubleValue();
        assertThat(analytic).isCloseTo(numeric, within(1e-7));
    }

    @Test
    void anUpdateIsAStepAgainstTheGradient() {
        Mlp f = mlp(Form.NONE, 3, 2);
        INDArray x = Samples.gaussian(new Random(1), 4, 3);
        INDArray dy = Samples.gaussian(new Random(2), 4, 2);
        INDArray before = f.parameter(0, "W").dup();
        f.forward(x);
        INDArray dx = f.backward(dy);
        assertThat(difference(dx, dy.mmul(before))).isLessThan(1e-14);
        INDArray dw = f.gradient(0, "W").dup();
        assertThat(difference(dw, dy.transpose().mmul(x))).isLessThan(1e-14);
        INDArray db = f.gradient(0, "b").dup();
        assertThat(f.gradientNorm()).isCloseTo(Math.hypot(norm(dw), norm(db)), within(1e-12));
        f.update();
        assertThat(difference(f.parameter(0, "W"), before.sub(dw.mul(RATE)))).isLessThan(1e-14);
    }

    @Test
    void theBoundIsTheProductOfTheSpectralNorms() {
        Mlp f = mlp(Form.NONE, 2, 2, 2);
        f.parameter(0, "W").assign(Nd4j.createFromArray(new double[][] {{3, 0}, {0, -5}}));
        f.parameter(1, "W").assign(Nd4j.createFromArray(new double[][] {{0, 2}, {1, 0}}));
        assertThat(f.spectralNorms(false)).containsExactly(new double[] {5, 2}, within(1e-14));
        assertThat(f.lipschitzBound()).isCloseTo(10, within(1e-13));
    }

    private static double norm(INDArray array) {
        return array.norm2Number().doubleValue();
    }
}
