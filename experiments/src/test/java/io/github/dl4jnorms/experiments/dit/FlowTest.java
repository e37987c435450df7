package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FlowTest {
    private static final int NONE = 3;

    private static INDArray zeros(int n) {
        return Nd4j.zeros(DataType.DOUBLE, n, 1, 2, 2);
    }

    private static INDArray filled(INDArray like, double value) {
        return Nd4j.valueArrayOf(like.shape(), value, like.dataType());
    }

    /** Heun's steps are exact where the velocity is linear in time, but the last, Euler's, is not: it is short by half a step². */
    @Test
    void followsTheVelocity() {
        int steps = 10;
        Flow flow = new Flow((x, time, labels) -> filled(x, time), NONE);
        INDArray end = flow.draw(zeros(2), new int[] {0, 1}, 1, steps, done -> {});
        assertThat(end.getDouble(1, 0, 1, 1)).isCloseTo(0.5 - 0.5 / (steps * steps), within(1e-12));
    }

    /** dx/dt = −x, and Heun's second order: a fifth of the step leaves a twenty-fifth of the error. */
    @Test
    void isOfSecondOrder() {
        Flow flow = new Flow((x, time, labels) -> x.neg(), NONE);
        double coarse = error(flow, 10);
        double fine = error(flow, 50);
        assertThat(coarse / fine).isBetween(15.0, 30.0);
    }

    private static double error(Flow flow, int steps) {
        INDArray start = zeros(1).addi(0.9);
        return Math.abs(flow.draw(start, new int[] {0}, 1, steps, done -> {}).getDouble(0) - 0.9 * Math.exp(-1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 2, 4})
    void guidanceExaggeratesWhatTheClassChanges(double guidance) {
        // 0.1 without a class, 0.1 + 0.05 label with one
        Flow flow = new Flow(
                (x, time, labels) -> {
                    INDArray v = filled(x, 0.1);
                    for (int i = 0; i < labels.length; i++) {
                        v.slice(i).addi(labels[i] == NONE ? 0 : 0.05 * labels[i]);
                    }
                    return v;
                },
                NONE);
        INDArray end = flow.draw(zeros(3), new int[] {0, 1, 2}, guidance, 4, done -> {});
        for (int label = 0; label < 3; label++) {
            assertThat(end.getDouble(label, 0, 0, 0)).isCloseTo(0.1 + guidance * 0.05 * label, within(1e-12));
        }
    }

    @Test
    void valuesAreCutAndManyImagesComeInPieces() {
        List<Integer> pieces = new ArrayList<>();
        Flow flow = new Flow((x, time, labels) -> filled(x, 5), NONE);
        INDArray noise = zeros(40);
        INDArray end = flow.draw(noise, new int[40], 1, 2, pieces::add);
        assertThat(pieces).containsExactly(16, 16, 8);
        assertThat(end.shape()).containsExactly(40, 1, 2, 2);
        assertThat(end.minNumber().doubleValue()).isEqualTo(1);
        assertThat(noise.amaxNumber().doubleValue())
                .as("the noise stays as it was")
                .isZero();
    }
}
