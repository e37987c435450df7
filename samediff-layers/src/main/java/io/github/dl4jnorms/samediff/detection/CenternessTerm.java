package io.github.dl4jnorms.samediff.detection;

import static io.github.dl4jnorms.samediff.detection.Logistic.sigmoid;
import static io.github.dl4jnorms.samediff.detection.Logistic.softplus;

/** Binary cross entropy between the centerness logit {@code x} and its target {@code t}: {@code softplus(x) - t x}. */
final class CenternessTerm {

    private CenternessTerm() {}

    /** Returns {@code weight} times the loss of the row that starts at {@code row}, and writes its gradient. */
    static double apply(double[] prediction, double[] target, int row, double weight, double[] gradient) {
        int i = row + FcosChannels.CENTERNESS;
        double x = prediction[i];
        double t = target[i];
        gradient[i] = weight * (sigmoid(x) - t);
        // (1-t) softplus(x) + t softplus(-x): the same without cancellation
        return weight * ((1 - t) * softplus(x) + t * softplus(-x));
    }
}
