package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of {@link GhostBatchNormOp}, fused: that of BatchNorm for each virtual batch, those of γ and β added up. Inputs
 * and outputs are those of {@link ChannelNormBpOp}, with statistics [V, C].
 */
public final class GhostBatchNormBpOp extends JavaOp {

    private static final int SIZE = 1;
    private static final int BY_EXAMPLE = 2;
    private static final int BY_BATCH = 6;

    /** For SameDiff, which clones operations. */
    public GhostBatchNormBpOp() {}

    GhostBatchNormBpOp(SameDiff sameDiff, int k, ChannelNormArgs args, List<SDVariable> inputs) {
        super(sameDiff, inputs.toArray(new SDVariable[0]));
        args.addTo(this);
        addIArgument(k);
    }

    @Override
    public String opName() {
        return "dl4jnorms_ghost_batch_norm_bp";
    }

    private ChannelNormBpOp ofOne() {
        return new ChannelNormBpOp(ChannelNormArgs.from(this));
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    public void check(List<INDArray> inputs) {
        ofOne().check(inputs);
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        return ofOne().outputShapes(inputs);
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        return ofOne().calculateOutputDataTypes(inputs);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        VirtualBatches batches =
                VirtualBatches.of(inputs.get(0), getIArgument(SIZE).intValue(), ChannelNormArgs.from(this));
        INDArray[] sums = {outputs.get(1).assign(0), outputs.get(2).assign(0)};
        List<INDArray> part = new ArrayList<>(inputs);
        for (long v = 0; v < batches.count(); v++) {
            for (int i = 0; i < BY_BATCH; i++) {
                part.set(
                        i,
                        i < BY_EXAMPLE
                                ? batches.slice(inputs.get(i), v)
                                : inputs.get(i).slice(v));
            }
            INDArray dgamma = Nd4j.createUninitialized(sums[0].dataType(), sums[0].shape());
            INDArray dbeta = Nd4j.createUninitialized(sums[1].dataType(), sums[1].shape());
            ofOne().execute(part, List.of(batches.slice(outputs.get(0), v), dgamma, dbeta));
            sums[0].addi(dgamma);
            sums[1].addi(dbeta);
        }
    }
}
