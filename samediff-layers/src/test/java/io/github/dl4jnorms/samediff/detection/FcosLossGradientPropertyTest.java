package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of the loss against central differences. */
class FcosLossGradientPropertyTest {

    private static final IActivation IDENTITY = new ActivationIdentity();

    @Property(seed = "3", tries = 200)
    void gradientIsTheSlopeOfTheLoss(@ForAll Random random) {
        FcosLoss any = new FcosLoss(random.nextDouble(), 3 * random.nextDouble(), 2 * random.nextDouble());
        double[] label = randomLabel(random, 2);
        INDArray labels = rows(label);
        INDArray mask = rows(0.1 + random.nextDouble());
        double[] prediction = randomPrediction(random, label);
        double[] gradient = any.computeGradient(labels, rows(prediction), IDENTITY, mask)
                .data()
                .asDouble();
        double step = 1e-5;
        for (int i = 0; i < prediction.length; i++) {
            double[] up = prediction.clone();
            double[] down = prediction.clone();
            up[i] += step;
            down[i] -= step;
            double slope = (any.computeScore(labels, rows(up), IDENTITY, mask, false)
                            - any.computeScore(labels, rows(down), IDENTITY, mask, false))
                    / (2 * step);
            assertThat(gradient[i]).as("channel " + i).isEqualTo(slope, within(1e-7));
        }
    }

    static double[] randomLabel(Random random, int classes) {
        double[] label = new double[5 + classes];
        for (int i = 0; i < 4; i++) {
            label[i] = 0.5 + 5 * random.nextDouble();
        }
        label[4] = random.nextDouble();
        int classIndex = random.nextInt(classes + 1) - 1; // -1: background
        if (classIndex >= 0) {
            label[5 + classIndex] = 1;
        }
        return label;
    }

    /** Boxes that overlap, enclose, lie inside, lie apart or are inside out; logits up to 80. */
    static double[] randomPrediction(Random random, double[] label) {
        double[] prediction = new double[label.length];
        int kind = random.nextInt(5);
        for (int i = 0; i < 4; i++) {
            double any = 0.2 + 5 * random.nextDouble();
            prediction[i] = switch (kind) {
                case 0 -> any;
                case 1 -> label[i] + any;
                case 2 -> label[i] * (0.1 + 0.8 * random.nextDouble());
                case 3 -> i < 2 ? -6 - any : 12 + any;
                default -> -any;
            };
        }
        for (int i = 4; i < prediction.length; i++) {
            prediction[i] = random.nextInt(4) == 0 ? (random.nextBoolean() ? 80 : -80) : 3 * random.nextGaussian();
        }
        return prediction;
    }

    private static INDArray rows(double... row) {
        return Nd4j.createFromArray(new double[][] {row});
    }
}
