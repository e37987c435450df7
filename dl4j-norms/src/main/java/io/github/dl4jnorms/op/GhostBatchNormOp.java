package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * BatchNorm in training mode of each virtual batch by itself, fused. Outputs: the normalized array, of each of V virtual
 * batches the mean [V, C], the biased variance [V, C] and the number of values per channel [V].
 *
 * <p>Paper: Hoffer, Hubara and Soudry, <a href="https://arxiv.org/abs/1705.08741">Train longer, generalize better</a>, 2017.
 */
public final class GhostBatchNormOp extends JavaOp {

    private static final int SIZE = 1;

    /** For SameDiff, which clones operations. */
    public GhostBatchNormOp() {}

    /**
     * γ and β may be null; {@code args} has {@link ChannelNormArgs#PER_CHANNEL} groups.
     *
     * @param k examples in a virtual batch
     */
    public GhostBatchNormOp(
            SameDiff sameDiff, SDVariable x, SDVariable gamma, SDVariable beta, int k, ChannelNormArgs args) {
        super(sameDiff, ChannelNormOp.present(x, gamma, beta));
        args.addTo(this);
        addIArgument(k);
    }

    @Override
    public String opName() {
        return "dl4jnorms_ghost_batch_norm";
    }

    @Override
    public int getNumOutputs() {
        return 4;
    }

    @Override
    public void check(List<INDArray> inputs) {
        new BatchNormOp(ChannelNormArgs.from(this)).check(inputs);
    }

    private VirtualBatches batches(INDArray x) {
        return VirtualBatches.of(x, size(), ChannelNormArgs.from(this));
    }

    private int size() {
        return getIArgument(SIZE).intValue();
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long[] perChannel = ChannelNormArgs.from(this).statisticsShape(x.shape());
        long[] statistics = {batches(x).count(), perChannel[0]};
        return new long[][] {x.shape(), statistics, statistics, {statistics[0]}};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        DataType statistics = Arguments.statisticsType(inputs.get(0));
        return List.of(inputs.get(0), statistics, statistics, statistics);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        VirtualBatches batches = batches(inputs.get(0));
        List<INDArray> part = new ArrayList<>(inputs);
        for (long i = 0; i < batches.count(); i++) {
            part.set(0, batches.slice(inputs.get(0), i));
            INDArray mean = outputs.get(1).slice(i);
            new BatchNormOp(ChannelNormArgs.from(this))
                    .execute(
                            part,
                            List.of(
                                    batches.slice(outputs.get(0), i),
                                    mean,
                                    outputs.get(2).slice(i)));
            outputs.get(3).putScalar(i, part.get(0).length() / mean.length());
        }
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] outputs = outputVariables();
        List<SDVariable> inputs = new ArrayList<>(
                List.of(arg(0), gradients.get(0), outputs[1], outputs[2], gradients.get(1), gradients.get(2)));
        inputs.addAll(List.of(args()).subList(1, args().length));
        SDVariable[] out =
                new GhostBatchNormBpOp(getSameDiff(), size(), ChannelNormArgs.from(this), inputs).outputVariables();
        List<SDVariable> result = new ArrayList<>(List.of(out[0]));
        ChannelNormBpOp.addAffine(out, ChannelNormArgs.from(this), result);
        return result;
    }
}
