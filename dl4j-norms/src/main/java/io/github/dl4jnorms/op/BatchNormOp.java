package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.ChannelNorm;
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

    /** γ and β may be null; {@code args} has {@link ChannelNormArgs#PER_CHANNEL} groups. */
    public BatchNormOp(SameDiff sameDiff, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        super(sameDiff, x, gamma, beta, args);
    }

    /** For {@link #statistics} without a graph. */
    public BatchNormOp(ChannelNormArgs args) {
        super(args);
    }

    @Override
    public String opName() {
        return "dl4jnorms_batch_norm";
    }

    @Override
    long[] statisticsShape(long[] input) {
        return new long[] {input[attributes().channelsLast() ? input.length - 1 : 1]};
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

    /** Computes the statistics alone, into arrays of one number per channel. One value per channel will do. */
    public void statistics(INDArray x, INDArray mean, INDArray variance) {
        ChannelNormArgs args = attributes();
        Arguments.channels(x, args);
        ChannelsFirst rows = ChannelsFirst.read(x, args);
        double[] means = new double[rows.channels()];
        double[] variances = new double[rows.channels()];
        new ChannelNorm(args.rowGroups(rows), null, null, args.epsilon(), 1)
                .statistics(rows.memory(), means, variances);
        rows.keep();
        Contiguous.store(means, mean);
        Contiguous.store(variances, variance);
    }
}
