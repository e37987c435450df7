package io.github.dl4jnorms.samediff.detection;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The loss of the FCOS detector (Tian et al. 2019, <a href="https://arxiv.org/abs/1904.01355">arXiv 1904.01355</a>),
 * for a {@code CnnLossLayer} on each pyramid level:
 *
 * <pre>{@code new CnnLossLayer.Builder(new FcosLoss()).activation(Activation.IDENTITY).build()}</pre>
 *
 * (the activation must be said: that builder's default is the network's own).
 *
 * <p>Labels and predictions are {@code [M, 5 + K]}, a row per location, with the channels of {@link FcosChannels}. The
 * loss of a location is
 *
 * <pre>
 * focal(classes)                                                    every location
 * + boxWeight * centerness * (1 - GIoU(box)) + BCE(centerness)      positive locations: those with a class
 * </pre>
 *
 * times its weight, the mask {@code [M, 1]}: 0 ignores the location whatever stands there, null is 1 everywhere. The
 * paper divides the classification and centerness losses by the number of positive locations and the box loss by the
 * sum of their centerness targets, over the whole batch. Here one weight, the mask, normalizes all three terms: give
 * each location {@code 1 / max(1, positive locations of its image)}, so that an image's loss does not depend on the
 * batch it came in. DL4J then takes the mean over images.
 *
 * <p>Everything is computed in double, from logits, without overflow; the gradient has the type of the predictions.
 */
public final class FcosLoss implements ILossFunction {

    public static final double DEFAULT_ALPHA = 0.25;
    public static final double DEFAULT_GAMMA = 2;
    public static final double DEFAULT_BOX_WEIGHT = 1;

    private final double alpha;
    private final double gamma;
    private final double boxWeight;

    /** With the papers' constants: alpha 0.25, gamma 2, box weight 1. */
    public FcosLoss() {
        this(DEFAULT_ALPHA, DEFAULT_GAMMA, DEFAULT_BOX_WEIGHT);
    }

    /**
     * @param alpha     the focal loss's weight of present classes, in [0, 1]; absent ones get {@code 1 - alpha}
     * @param gamma     the focal loss's exponent, at least 0; 0 makes it a weighted cross entropy
     * @param boxWeight the weight of the box term, at least 0
     */
    public FcosLoss(
            @JsonProperty("alpha") double alpha,
            @JsonProperty("gamma") double gamma,
            @JsonProperty("boxWeight") double boxWeight) {
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha: got " + alpha + ", takes a number from 0 to 1");
        }
        if (!(gamma >= 0 && Double.isFinite(gamma))) {
            throw new IllegalArgumentException("gamma: got " + gamma + ", takes a finite number, 0 or more");
        }
        if (!(boxWeight >= 0 && Double.isFinite(boxWeight))) {
            throw new IllegalArgumentException("boxWeight: got " + boxWeight + ", takes a finite number, 0 or more");
        }
        this.alpha = alpha;
        this.gamma = gamma;
        this.boxWeight = boxWeight;
    }

    public double getAlpha() {
        return alpha;
    }

    public double getGamma() {
        return gamma;
    }

    public double getBoxWeight() {
        return boxWeight;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return evaluate(labels, preOutput, activationFn, mask).score(average);
    }

    /** The loss of each location, {@code [M, 1]}. */
    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        double[] values = evaluate(labels, preOutput, activationFn, mask).values();
        return array(values, preOutput.dataType(), values.length, 1);
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return array(
                evaluate(labels, preOutput, activationFn, mask).gradient(), preOutput.dataType(), preOutput.shape());
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        Evaluation evaluation = evaluate(labels, preOutput, activationFn, mask);
        return new Pair<>(
                evaluation.score(average), array(evaluation.gradient(), preOutput.dataType(), preOutput.shape()));
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public String toString() {
        return "FcosLoss(alpha=" + alpha + ", gamma=" + gamma + ", boxWeight=" + boxWeight + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FcosLoss that
                && alpha == that.alpha
                && gamma == that.gamma
                && boxWeight == that.boxWeight;
    }

    @Override
    public int hashCode() {
        return Objects.hash(alpha, gamma, boxWeight);
    }

    /** The loss of each location, and the gradient of their sum. */
    private record Evaluation(double[] values, double[] gradient) {

        double score(boolean average) {
            double sum = DoubleStream.of(values).sum();
            return average ? sum / values.length : sum;
        }
    }

    private Evaluation evaluate(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        check(labels, preOutput, activationFn, mask);
        int locations = (int) preOutput.size(0);
        int channels = (int) preOutput.size(1);
        double[] target = values(labels);
        double[] prediction = values(preOutput);
        double[] weights = mask == null ? ones(locations) : values(mask);

        double[] values = new double[locations];
        double[] gradient = new double[locations * channels];
        for (int location = 0; location < locations; location++) {
            double weight = weights[location];
            if (weight == 0) {
                continue;
            }
            if (!(weight > 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException(
                        "mask: got " + weight + " in row " + location + ", takes finite weights, 0 or more");
            }
            int row = location * channels;
            boolean positive = isPositive(target, row, channels);
            values[location] = FocalTerm.apply(prediction, target, row, channels, alpha, gamma, weight, gradient);
            if (positive) {
                double centerness = target[row + FcosChannels.CENTERNESS];
                values[location] += GiouTerm.apply(prediction, target, row, weight * boxWeight * centerness, gradient);
                values[location] += CenternessTerm.apply(prediction, target, row, weight, gradient);
            }
        }
        return new Evaluation(values, gradient);
    }

    private static void check(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        if (!(activationFn instanceof ActivationIdentity)) {
            throw new IllegalArgumentException("activationFn: got " + activationFn
                    + ", FcosLoss takes identity: set activation(Activation.IDENTITY) on its layer");
        }
        if (preOutput.rank() != 2 || preOutput.size(1) < FcosChannels.count(1)) {
            throw new IllegalArgumentException(
                    "preOutput: got shape " + Arrays.toString(preOutput.shape()) + ", takes [locations, 5 + classes]");
        }
        if (!preOutput.equalShapes(labels)) {
            throw new IllegalArgumentException("labels: got shape " + Arrays.toString(labels.shape())
                    + ", takes the shape of preOutput, " + Arrays.toString(preOutput.shape()));
        }
        if (mask != null && mask.length() != preOutput.size(0)) {
            throw new IllegalArgumentException("mask: got shape " + Arrays.toString(mask.shape())
                    + ", takes a weight per location, [" + preOutput.size(0) + ", 1]");
        }
    }

    /** Whether the location has a class; what its target says is checked here, before the loss uses it. */
    private static boolean isPositive(double[] target, int row, int channels) {
        boolean positive = false;
        for (int i = FcosChannels.FIRST_CLASS; i < channels; i++) {
            double label = target[row + i];
            if (label != 0 && label != 1) {
                throw new IllegalArgumentException(
                        "labels: got class value " + label + " in row " + row / channels + ", takes 0 or 1");
            }
            positive |= label == 1;
        }
        if (!positive) {
            return false;
        }
        double width = target[row + FcosChannels.LEFT] + target[row + FcosChannels.RIGHT];
        double height = target[row + FcosChannels.TOP] + target[row + FcosChannels.BOTTOM];
        double centerness = target[row + FcosChannels.CENTERNESS];
        if (!(width > 0 && height > 0 && Double.isFinite(width * height) && centerness >= 0 && centerness <= 1)) {
            throw new IllegalArgumentException("labels: got left, top, right, bottom, centerness "
                    + Arrays.toString(Arrays.copyOfRange(target, row, row + FcosChannels.FIRST_CLASS)) + " in row "
                    + row / channels + ", takes a finite box that is not empty and a centerness from 0 to 1");
        }
        return true;
    }

    /** Row-major, whatever the order and the type of the array. */
    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static INDArray array(double[] values, DataType type, long... shape) {
        return Nd4j.create(values, shape, Nd4j.getStrides(shape, 'c'), 'c', type);
    }
}
