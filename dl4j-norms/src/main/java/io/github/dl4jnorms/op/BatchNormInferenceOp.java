package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** BatchNorm by given statistics, fused: the evaluation mode. Inputs: x, mean [C], variance [C], and γ, β and a residual where given. */
public final class BatchNormInferenceOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public BatchNormInferenceOp() {}

    /** γ, β and the residual may be null; {@code args} has {@link ChannelNormArgs#PER_CHANNEL} groups. */
    public BatchNormInferenceOp(
            SameDiff sameDiff,
            SDVariable x,
            SDVariable mean,
            SDVariable variance,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        super(sameDiff, ChannelNormOp.present(x, mean, variance, gamma, beta, residual));
        args.with(residual).addTo(this);
    }

    /** For {@link #execute} without a graph. */
    public BatchNormInferenceOp(ChannelNormArgs args) {
        args.addTo(this);
    }

    @Override
    public String opName() {
        return "dl4jnorms_batch_norm_inference";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        ChannelNormArgs args = ChannelNormArgs.from(this);
        long channels = Arguments.channels(x, args);
        Arguments.vector("mean", inputs.get(1), x, channels);
        Arguments.vector("variance", inputs.get(2), x, channels);
        ChannelNormOp.Affine.check(inputs, 3, args, channels);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
        ChannelsFirst y = ChannelsFirst.write(outputs.get(0), args);
        ChannelNormOp.Affine affine = ChannelNormOp.Affine.of(inputs, 3, args);
        affine.norm(x, args)
                .normalize(
                        x.memory(), y.memory(), Contiguous.doubles(inputs.get(1)), Contiguous.doubles(inputs.get(2)));
        x.keep();
        affine.keep();
        y.finish();
    }

    /** The gradient with respect to x, γ and β; the statistics are taken for constants, as PyTorch takes its buffers. */
    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return ChannelNormBpOp.ofFixedStatistics(getSameDiff(), args(), gradients.get(0), ChannelNormArgs.from(this));
    }
}
