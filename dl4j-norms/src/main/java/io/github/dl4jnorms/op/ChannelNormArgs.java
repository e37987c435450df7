package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.RowGroups;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * The attributes of a channel norm, as an operation's arguments carry them.
 *
 * @param groups groups of channels that share statistics within an example; {@link #PER_CHANNEL} for statistics of each
 *     channel over the batch
 * @param channelsLast whether the channels are the last dimension instead of dimension 1
 * @param scaled whether there is a γ
 * @param shifted whether there is a β
 * @param epsilon what is added to the variance
 * @param slope of the fused leaky ReLU; 1 for no activation, 0 for ReLU
 */
public record ChannelNormArgs(
        int groups, boolean channelsLast, boolean scaled, boolean shifted, double epsilon, double slope) {

    /** The number of groups that says: statistics of each channel over the batch. */
    public static final int PER_CHANNEL = 0;

    public ChannelNormArgs {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon: takes a number from 0, received " + epsilon);
        }
    }

    /** Attributes for these inputs; γ and β may be null. */
    public static ChannelNormArgs of(
            int groups, boolean channelsLast, SDVariable gamma, SDVariable beta, double epsilon, double slope) {
        return new ChannelNormArgs(groups, channelsLast, gamma != null, beta != null, epsilon, slope);
    }

    void addTo(DynamicCustomOp op) {
        op.addIArgument(groups);
        op.addBArgument(channelsLast, scaled, shifted);
        op.addTArgument(epsilon, slope);
    }

    static ChannelNormArgs from(DynamicCustomOp op) {
        return new ChannelNormArgs(
                op.getIArgument(0).intValue(),
                op.getBArgument(0),
                op.getBArgument(1),
                op.getBArgument(2),
                op.getTArgument(0),
                op.getTArgument(1));
    }

    boolean perChannel() {
        return groups == PER_CHANNEL;
    }

    RowGroups rowGroups(ChannelsFirst x) {
        return perChannel()
                ? RowGroups.perChannel(x.examples(), x.channels(), x.length())
                : RowGroups.perExample(x.examples(), x.channels(), x.length(), groups);
    }
}
