package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FcosLossTest {

    private static final Offset<Double> EXACT = within(1e-12);
    private static final IActivation IDENTITY = new ActivationIdentity();

    private final FcosLoss loss = new FcosLoss();

    private static INDArray rows(double[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    private static double[] row(double... channels) {
        return channels;
    }

    private double value(double[] label, double[] prediction) {
        return loss.computeScore(rows(label), rows(prediction), IDENTITY, null, false);
    }

    @Test
    void focalLossByHand() {
        // background, x = 0: p = 1/2; 0.75 * (1/2)^2 * log 2
        double[] background = {9, 9, 9, 9, 9, 0};
        assertThat(value(background, row(1, 2, 3, 4, 5, 0))).isEqualTo(0.75 * 0.25 * Math.log(2), EXACT);
        // x = log 3: p of the class 3/4, so 0.75 * (3/4)^2 * log 4
        assertThat(value(background, row(1, 2, 3, 4, 5, Math.log(3)))).isEqualTo(0.75 * 0.5625 * Math.log(4), EXACT);
        // the class is there: 0.25 * (1/4)^2 * log(4/3); centerness logit 0: log 2; the same box: 0
        assertThat(value(row(1, 1, 1, 1, 0.5, 1), row(1, 1, 1, 1, 0, Math.log(3))))
                .isEqualTo(0.25 * 0.0625 * Math.log(4 / 3.0) + Math.log(2), EXACT);
    }

    @Test
    void boxLossByHand() {
        // logits that cost nothing: class 800 (present), centerness target 1 with logit 800
        double[] target = {1, 1, 2, 2, 1, 1}; // 3 x 3
        // 3 x 2; common 2 x 2 = 4, union 6 + 9 - 4 = 11, enclosing 4 x 3 = 12: GIoU = 4/11 - 1/12
        assertThat(value(target, row(2, 1, 1, 1, 800, 800))).isEqualTo(1 - 4 / 11.0 + 1 / 12.0, EXACT);
        // inside, 1 x 1: 1/9, enclosing is the union
        assertThat(value(target, row(0.5, 0.5, 0.5, 0.5, 800, 800))).isEqualTo(1 - 1 / 9.0, EXACT);
        // disjoint, from 4 to 6, 2 x 3: union 15, enclosing 7 x 3 = 21: GIoU = 0 - 6/21
        assertThat(value(target, row(-4, 1, 6, 2, 800, 800))).isEqualTo(1 + 6 / 21.0, EXACT);
        // the box is weighted by the centerness target: 0 leaves the rest, a BCE of 0
        assertThat(value(row(1, 1, 2, 2, 0, 1), row(2, 1, 1, 1, -800, 800))).isEqualTo(0, EXACT);
        // and by boxWeight
        assertThat(new FcosLoss(0.25, 2, 3)
                        .computeScore(rows(target), rows(row(0.5, 0.5, 0.5, 0.5, 800, 800)), IDENTITY, null, false))
                .isEqualTo(3 * (1 - 1 / 9.0), EXACT);
    }

    @Test
    void centernessLossByHand() {
        // logit log 3, target 0.25: -(0.25 log(3/4) + 0.75 log(1/4))
        assertThat(value(row(1, 1, 1, 1, 0.25, 1), row(1, 1, 1, 1, Math.log(3), 800)))
                .isEqualTo(-0.25 * Math.log(0.75) + 0.75 * Math.log(4), EXACT);
    }

    @Test
    void aPerfectPredictionHasNoGradient() {
        INDArray gradient = loss.computeGradient(
                rows(row(1, 2, 3, 4, 0.5, 0, 1)), rows(row(1, 2, 3, 4, 0, -800, 800)), IDENTITY, null);
        assertThat(gradient.amaxNumber().doubleValue()).isZero();
    }

    @Test
    void extremeLogitsStayFinite() {
        INDArray labels = rows(row(1, 1, 1, 1, 1, 1, 0), row(0, 0, 0, 0, 0, 0, 0));
        for (double x : new double[] {80, 1e4, 1e30}) {
            INDArray worst = rows(row(1, 1, 1, 1, -x, -x, x), row(1, 1, 1, 1, x, x, x));
            Pair<Double, INDArray> result = loss.computeGradientAndScore(labels, worst, IDENTITY, null, false);
            // centerness x, present class 0.25 x, three absent ones 0.75 x
            assertThat(result.getFirst()).isEqualTo((1 + 0.25 + 3 * 0.75) * x, within(1e-9 * x));
            assertThat(result.getSecond().data().asDouble())
                    .containsExactly(row(0, 0, 0, 0, -1, -0.25, 0.75, 0, 0, 0, 0, 0, 0.75, 0.75), within(1e-12));
        }
    }

    @Test
    void agreesWithTorchvision() throws Exception {
        Map<String, INDArray> torch = Nd4j.createFromNpzFile(new File(
                FcosLossTest.class.getResource("/detection/fcos_loss.npz").toURI()));
        INDArray labels = torch.get("labels");
        INDArray prediction = torch.get("prediction");
        INDArray mask = torch.get("mask");
        assertThat(labels.shape()).containsExactly(40, 8);

        INDArray values = loss.computeScoreArray(labels, prediction, IDENTITY, mask);
        assertThat(values.data().asDouble())
                .containsExactly(torch.get("values").dup('c').data().asDouble(), EXACT);
        Pair<Double, INDArray> result = loss.computeGradientAndScore(labels, prediction, IDENTITY, mask, false);
        assertThat(result.getFirst()).isEqualTo(torch.get("values").sumNumber().doubleValue(), within(1e-10));
        assertThat(result.getSecond().data().asDouble())
                .containsExactly(torch.get("gradient").dup('c').data().asDouble(), EXACT);
    }

    @Test
    void methodsAgreeWhateverTypeAndOrder() {
        Random random = new Random(4);
        double[][] label = new double[6][];
        double[][] prediction = new double[6][];
        for (int i = 0; i < 6; i++) {
            label[i] = FcosLossGradientPropertyTest.randomLabel(random, 3);
            prediction[i] = FcosLossGradientPropertyTest.randomPrediction(random, label[i]);
        }
        INDArray mask = Nd4j.createFromArray(0.5, 0, 1, 2, 0.25, 1).reshape(6, 1);
        INDArray labels = rows(label);
        INDArray exact = rows(prediction);
        double sum = loss.computeScore(labels, exact, IDENTITY, mask, false);
        INDArray gradient = loss.computeGradient(labels, exact, IDENTITY, mask);
        assertThat(gradient.dataType()).isEqualTo(DataType.DOUBLE);

        INDArray view = Nd4j.valueArrayOf(new long[] {7, 20}, Double.NaN, DataType.DOUBLE)
                .get(NDArrayIndex.interval(1, 7), NDArrayIndex.interval(2, 2, 18));
        view.assign(exact);
        for (INDArray same : new INDArray[] {exact.dup('f'), view, exact.castTo(DataType.FLOAT)}) {
            double tolerance = same.dataType() == DataType.FLOAT ? 1e-4 : 1e-12;
            INDArray before = same.dup();
            Pair<Double, INDArray> both = loss.computeGradientAndScore(labels, same, IDENTITY, mask, true);
            assertThat(both.getFirst()).isEqualTo(sum / 6, within(tolerance));
            assertThat(loss.computeScore(labels, same, IDENTITY, mask, true)).isEqualTo(both.getFirst());
            assertThat(both.getSecond().dataType()).isEqualTo(same.dataType());
            assertThat(both.getSecond().shape()).containsExactly(6, 8);
            assertThat(both.getSecond().castTo(DataType.DOUBLE).equalsWithEps(gradient, tolerance))
                    .isTrue();
            INDArray array = loss.computeScoreArray(labels, same, IDENTITY, mask);
            assertThat(array.dataType()).isEqualTo(same.dataType());
            assertThat(array.shape()).containsExactly(6, 1);
            assertThat(array.sumNumber().doubleValue()).isEqualTo(sum, within(6 * tolerance));
            assertThat(same).as("the input is left alone").isEqualTo(before);
        }
    }

    @Test
    void theMaskScalesAndZeroIgnoresWhateverStandsThere() {
        double[] label = {1, 2, 3, 4, 0.5, 1};
        double[] prediction = {2, 2, 2, 2, 1, -1};
        double[] rubbish = {Double.NaN, -1, 0, 0, 7, Double.POSITIVE_INFINITY};
        INDArray labels = rows(label, rubbish, label);
        INDArray predictions = rows(prediction, rubbish, prediction);
        INDArray mask = Nd4j.createFromArray(1.0, 0, 0.25).reshape(3, 1);
        double[] values = loss.computeScoreArray(labels, predictions, IDENTITY, mask)
                .data()
                .asDouble();
        assertThat(values).containsExactly(row(value(label, prediction), 0, 0.25 * value(label, prediction)), EXACT);
        INDArray gradient = loss.computeGradient(labels, predictions, IDENTITY, mask);
        assertThat(gradient.getRow(1).dup().data().asDouble()).containsOnly(0);
        assertThat(gradient.getRow(2).equalsWithEps(gradient.getRow(0).mul(0.25), 1e-12))
                .isTrue();
    }

    @Test
    void refusesBadArguments() {
        INDArray prediction = rows(row(1, 1, 1, 1, 0, 0));
        INDArray background = rows(row(0, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> loss.computeScore(background, prediction, new ActivationSigmoid(), null, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activationFn: got sigmoid");
        assertThatThrownBy(() -> loss.computeGradient(Nd4j.zeros(1, 7), prediction, IDENTITY, null))
                .hasMessageContaining("labels: got shape [1, 7]");
        assertThatThrownBy(() -> loss.computeGradient(Nd4j.zeros(1, 5), Nd4j.zeros(1, 5), IDENTITY, null))
                .hasMessageContaining("preOutput: got shape [1, 5]");
        assertThatThrownBy(() -> loss.computeGradient(background, prediction, IDENTITY, Nd4j.ones(1, 6)))
                .hasMessageContaining("mask: got shape [1, 6]");
        assertThatThrownBy(() -> loss.computeGradient(background, prediction, IDENTITY, rows(row(-1))))
                .hasMessageContaining("mask: got -1.0 in row 0");
        assertThatThrownBy(() -> value(row(1, 1, 1, 1, 1, 0.5), row(1, 1, 1, 1, 0, 0)))
                .hasMessageContaining("labels: got class value 0.5 in row 0");
        assertThatThrownBy(() -> value(row(0, 0, 0, 0, 1, 1), row(1, 1, 1, 1, 0, 0)))
                .hasMessageContaining("labels: got left, top, right, bottom, centerness [0.0, 0.0");
        assertThatThrownBy(() -> value(row(1, 1, 1, 1, 2, 1), row(1, 1, 1, 1, 0, 0)))
                .hasMessageContaining("centerness from 0 to 1");
        assertThatThrownBy(() -> new FcosLoss(2, 2, 1)).hasMessageContaining("alpha: got 2.0");
        assertThatThrownBy(() -> new FcosLoss(0.5, -1, 1)).hasMessageContaining("gamma: got -1.0");
        assertThatThrownBy(() -> new FcosLoss(0.5, 2, Double.NaN)).hasMessageContaining("boxWeight: got NaN");
    }
}
