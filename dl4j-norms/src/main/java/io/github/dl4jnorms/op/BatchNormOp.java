package io.github.dl4jnorms.op;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * BatchNorm in training mode, fused: statistics of each channel over the batch and the spatial dimensions. Outputs: the
 * normalized array, the batch mean [C] and the biased batch variance [C].
 *
 * <p>Paper: Ioffe and Szegedy, <a href="https://arxiv.org/abs/1502.03167">Batch Normalization</a>, 2015.
 */
public final class BatchNormOp extends ChannelNormOp {

    /** For SameDiff, which clones operations. */
    public BatchNormOp() {}

    /** γ, β and the residual may be null; {@code args} has {@link ChannelNormArgs#PER_CHANNEL} groups. */
    public BatchNormOp(
            SameDiff sameDiff,
            SDVariable x,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        super(sameDiff, x, gamma, beta, residual, args);
    }

    /** For {@link #execute} without a graph. */
    BatchNormOp(ChannelNormArgs args) {
        super(args);
    }

    @Override
    public String opName() {
        return "dl4jnorms_batch_norm";
    }

    @Override
    public void check(List<INDArray> inputs) {
        super.check(inputs);
        INDArray x = inputs.get(0);
        if (x.length() == Arguments.channels(x, attributes())) {
            throw new IllegalArgumentException(
                    "x: batch statistics take more than one value per channel, received " + Arguments.describe(x));
        }
    }
}
