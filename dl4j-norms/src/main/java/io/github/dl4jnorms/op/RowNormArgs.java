package io.github.dl4jnorms.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * The attributes of a row norm, as an operation's arguments carry them.
 *
 * @param axis the first of the dimensions that are normalized over, which go on to the last; negative axes count from the end
 * @param channelsOnly whether only dimension 1 is normalized over, whatever the axis: the channels of a channels-first array
 * @param centred whether the mean is taken away
 * @param scaled whether there is a γ
 * @param shifted whether there is a β
 * @param epsilon what is added to the variance
 * @param slope of the fused leaky ReLU; 1 for no activation, 0 for ReLU
 */
public record RowNormArgs(
        int axis,
        boolean channelsOnly,
        boolean centred,
        boolean scaled,
        boolean shifted,
        double epsilon,
        double slope) {

    public RowNormArgs {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon: takes a number from 0, received " + epsilon);
        }
    }

    /** LayerNorm's attributes for these inputs; γ and β may be null. */
    public static RowNormArgs layerNorm(int axis, SDVariable gamma, SDVariable beta, double epsilon, double slope) {
        return new RowNormArgs(axis, false, true, gamma != null, beta != null, epsilon, slope);
    }

    /** RMSNorm's attributes for these inputs; γ may be null. */
    public static RowNormArgs rmsNorm(int axis, SDVariable gamma, double epsilon, double slope) {
        return new RowNormArgs(axis, false, false, gamma != null, false, epsilon, slope);
    }

    /** The same over dimension 1 alone, for each example and position. */
    public RowNormArgs overChannels() {
        return new RowNormArgs(1, true, centred, scaled, shifted, epsilon, slope);
    }

    void addTo(DynamicCustomOp op) {
        op.addIArgument(axis);
        op.addBArgument(channelsOnly, centred, scaled, shifted);
        op.addTArgument(epsilon, slope);
    }

    static RowNormArgs from(DynamicCustomOp op) {
        return new RowNormArgs(
                op.getIArgument(0).intValue(),
                op.getBArgument(0),
                op.getBArgument(1),
                op.getBArgument(2),
                op.getBArgument(3),
                op.getTArgument(0),
                op.getTArgument(1));
    }
}
