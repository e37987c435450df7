package io.github.dl4jnorms.experiments.weightnorm;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@code log(1 + eᶠ) − label · f}, the cross-entropy of the probability sigmoid(f). DL4J's LossBinaryXENT keeps probabilities
 * within 1e-5 of 0 and 1, and so would have no gradient where a discriminator is sure, which is where a GAN needs it.
 */
final class LogisticLoss {
    private LogisticLoss() {}

    /** By each f. */
    static INDArray gradient(INDArray f, INDArray labels) {
        return Transforms.sigmoid(f, true).subi(labels);
    }

    static double mean(INDArray f, INDArray labels) {
        double sum = 0;
        for (long i = 0; i < f.length(); i++) {
            double value = f.getDouble(i);
            sum += Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) - labels.getDouble(i) * value;
        }
        return sum / f.length();
    }
}
