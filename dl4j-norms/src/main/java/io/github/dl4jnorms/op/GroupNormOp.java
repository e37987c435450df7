package io.github.dl4jnorms.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * GroupNorm and, with as many groups as channels, InstanceNorm, fused: statistics over groups of neighbouring channels of
 * each example. Outputs: the normalized array, the mean
 * [N, groups] and the biased variance [N, groups].
 *
 * <p>Paper: Wu and He, <a href="https://arxiv.org/abs/1803.08494">Group Normalization</a>, 2018.
 */
public final class GroupNormOp extends ChannelNormOp {

    /** For SameDiff, which clones operations. */
    public GroupNormOp() {}

    /** γ, β and the residual may be null. */
    public GroupNormOp(
            SameDiff sameDiff,
            SDVariable x,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        super(sameDiff, x, gamma, beta, residual, args);
    }

    /** For {@link #execute} without a graph. */
    public GroupNormOp(ChannelNormArgs args) {
        super(args);
    }

    @Override
    public String opName() {
        return "dl4jnorms_group_norm";
    }
}
