package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.RowGroups;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * The attributes of a channel norm, as an operation's arguments carry them.
 *
 * @param groups groups of channels that share statistics within an example; {@link #PER_CHANNEL} for statistics of each
 *     channel over the batch, {@link #INSTANCE} for those of each channel of each example
 * @param channelsLast whether the channels are the last dimension instead of dimension 1
 * @param perExample whether γ and β are {@code [N, C]}, each example's own, instead of {@code [C]}
 * @param centred whether the mean is taken away
 * @param scaled whether there is a γ
 * @param shifted whether there is a β
 * @param residual whether something is added before the activation
 * @param epsilon what is added to the variance
 * @param slope of the fused leaky ReLU; 1 for no activation, 0 for ReLU
 */
public record ChannelNormArgs(
        int groups,
        boolean channelsLast,
        boolean perExample,
        boolean centred,
        boolean scaled,
        boolean shifted,
        boolean residual,
        double epsilon,
        double slope) {

    /** The number of groups that says: statistics of each channel over the batch. */
    public static final int PER_CHANNEL = 0;

    /** The number of groups that says: as many as channels. */
    public static final int INSTANCE = -1;

    public ChannelNormArgs {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon: takes a number from 0, received " + epsilon);
        }
        if (groups == PER_CHANNEL && perExample) {
            throw new IllegalArgumentException(
                    "perExample: takes statistics of each example, received those of the batch");
        }
        if (groups < INSTANCE) {
            throw new IllegalArgumentException("groups: takes a number greater than 0, received " + groups);
        }
    }

    /** Attributes for these inputs; γ and β may be null. */
    public static ChannelNormArgs of(
            int groups, boolean channelsLast, SDVariable gamma, SDVariable beta, double epsilon, double slope) {
        return new ChannelNormArgs(
                groups, channelsLast, false, true, gamma != null, beta != null, false, epsilon, slope);
    }

    /** The same without centring: the mean is taken for 0, the variance is the mean square. */
    public ChannelNormArgs uncentred() {
        return new ChannelNormArgs(groups, channelsLast, perExample, false, scaled, shifted, residual, epsilon, slope);
    }

    /** The same with a γ and a β of each example's own, {@code [N, C]}. */
    public ChannelNormArgs withAffinePerExample() {
        return new ChannelNormArgs(groups, channelsLast, true, centred, scaled, shifted, residual, epsilon, slope);
    }

    /** The same with a residual if there is one. */
    public ChannelNormArgs with(SDVariable residual) {
        return new ChannelNormArgs(
                groups, channelsLast, perExample, centred, scaled, shifted, residual != null, epsilon, slope);
    }

    void addTo(DynamicCustomOp op) {
        op.addIArgument(groups);
        op.addBArgument(channelsLast, perExample, centred, scaled, shifted, residual);
        op.addTArgument(epsilon, slope);
    }

    static ChannelNormArgs from(DynamicCustomOp op) {
        return new ChannelNormArgs(
                op.getIArgument(0).intValue(),
                op.getBArgument(0),
                op.getBArgument(1),
                op.getBArgument(2),
                op.getBArgument(3),
                op.getBArgument(4),
                op.getBArgument(5),
                op.getTArgument(0),
                op.getTArgument(1));
    }

    boolean perChannel() {
        return groups == PER_CHANNEL;
    }

    /** Groups within an example of so many channels. */
    long groups(long channels) {
        return groups == INSTANCE ? channels : groups;
    }

    /** Checks that the groups divide the channels. */
    void checkGroups(long channels) {
        if (!perChannel()) {
            RowGroups.perExample(1, Math.toIntExact(channels), 1, (int) groups(channels));
        }
    }

    /** The shape of the statistics of an array of this shape. */
    long[] statisticsShape(long[] shape) {
        long channels = shape[channelsLast ? shape.length - 1 : 1];
        return perChannel() ? new long[] {channels} : new long[] {shape[0], groups(channels)};
    }

    RowGroups rowGroups(ChannelsFirst x) {
        return perChannel()
                ? RowGroups.perChannel(x.examples(), x.channels(), x.length())
                : RowGroups.perExample(x.examples(), x.channels(), x.length(), (int) groups(x.channels()));
    }
}
