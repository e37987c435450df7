package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.op.Composed;
import io.github.dl4jnorms.op.RowNormArgs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What ND4J lacks, composed of its operations in a SameDiff graph that is built once: this library's second form. */
final class ComposedPeer implements KernelPeer {
    static final String NAME = "composed";

    /** It takes seconds on more. */
    private static final long LARGEST = 10_000_000;

    @Override
    public String name() {
        return NAME;
    }

    /** RMSNorm forward is compared at every size. */
    @Override
    public boolean takes(Work work) {
        boolean known = work.norm() == Norm.RMS || work.norm() == Norm.GROUP;
        return known && (work.shape().bytes() <= LARGEST || (work.norm() == Norm.RMS && work.forward()));
    }

    @Override
    public boolean backwardIncludesForward() {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, work.shape().sizes());
        SDVariable gamma = sd.var("gamma", Recycled.vector(work.channels(), 1));
        String y = (work.norm() == Norm.RMS ? rms(sd, x, gamma) : group(sd, x, gamma, work.channels())).name();
        Map<String, INDArray> arrays = new HashMap<>();
        arrays.put("x", Recycled.array(Recycled.Role.X, work.shape()));
        if (work.forward()) {
            return () -> sd.output(arrays, y);
        }
        SDVariable dy = sd.placeHolder("dy", DataType.FLOAT, work.shape().sizes());
        arrays.put("dy", Recycled.array(Recycled.Role.DY, work.shape()));
        sd.getVariable(y).mul(dy).sum().markAsLoss();
        List<String> wanted = work.norm() == Norm.RMS ? List.of("x", "gamma") : List.of("x", "gamma", "beta");
        return () -> sd.calculateGradients(arrays, wanted);
    }

    private static SDVariable rms(SameDiff sd, SDVariable x, SDVariable gamma) {
        return Composed.rowNorm(sd, x, gamma, null, RowNormArgs.rmsNorm(-1, gamma, OurPeer.EPSILON, 1))[0];
    }

    private static SDVariable group(SameDiff sd, SDVariable x, SDVariable gamma, long channels) {
        SDVariable beta = sd.var("beta", Recycled.vector(channels, 0));
        ChannelNormArgs args = ChannelNormArgs.of(Norm.GROUPS, false, gamma, beta, OurPeer.EPSILON, 1);
        return Composed.groupNorm(sd, x, null, gamma, beta, null, args)[0];
    }
}
