package io.github.dl4jnorms.samediff.detection;

import static io.github.dl4jnorms.samediff.detection.Logistic.sigmoid;
import static io.github.dl4jnorms.samediff.detection.Logistic.softplus;

/**
 * Sigmoid focal loss of the classes at one location, Lin et al. 2017,
 * <a href="https://arxiv.org/abs/1708.02002">arXiv 1708.02002</a>.
 *
 * <p>With {@code z} the logit of the right answer ({@code x} where the class is present, {@code -x} where not), {@code
 * p = sigmoid(z)} and {@code q = 1 - p}: {@code FL = -a q^gamma log(p)}, {@code a = alpha} or {@code 1 - alpha}.
 */
final class FocalTerm {

    private FocalTerm() {}

    /** Returns {@code weight} times the loss of the row that starts at {@code row}, and writes its gradient. */
    static double apply(
            double[] prediction,
            double[] target,
            int row,
            int channels,
            double alpha,
            double gamma,
            double weight,
            double[] gradient) {
        double value = 0;
        for (int i = row + FcosChannels.FIRST_CLASS; i < row + channels; i++) {
            boolean present = target[i] == 1;
            double sign = present ? 1 : -1;
            double scale = weight * (present ? alpha : 1 - alpha);
            double z = sign * prediction[i];
            double q = sigmoid(-z);
            double minusLogP = softplus(-z);
            double modulation = scale * Math.pow(q, gamma);
            value += modulation * minusLogP;
            // dq/dz = -q p and d(-log p)/dz = -q
            gradient[i] = -sign * modulation * (gamma * (1 - q) * minusLogP + q);
        }
        return value;
    }
}
