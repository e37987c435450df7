package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and biased variance alone, fused: [C] of each channel over the batch, or [N, groups]. FLOAT for 16-bit x.
 */
public final class StatisticsOp extends JavaOp {

    private static final ChannelNormOp.Affine NO_AFFINE = new ChannelNormOp.Affine(null, null, null);

    /** For SameDiff, which clones operations. */
    public StatisticsOp() {}

    public StatisticsOp(SameDiff sameDiff, SDVariable x, ChannelNormArgs args) {
        super(sameDiff, x);
        args.addTo(this);
    }

    /** For {@link #execute} without a graph. */
    public StatisticsOp(ChannelNormArgs args) {
        args.addTo(this);
    }

    @Override
    public String opName() {
        return "dl4jnorms_statistics";
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    public void check(List<INDArray> inputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        args.checkGroups(Arguments.channels(inputs.get(0), args));
    }

    @Override
    public long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = ChannelNormArgs.from(this).statisticsShape(inputs.get(0).shape());
        return new long[][] {shape, shape};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        DataType statistics = Arguments.statisticsType(inputs.get(0));
        return List.of(statistics, statistics);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
        double[] mean = new double[args.rowGroups(x).count()];
        double[] variance = new double[mean.length];
        NO_AFFINE.norm(x, args).statistics(x.memory(), mean, variance);
        x.keep();
        Contiguous.store(mean, outputs.get(0));
        Contiguous.store(variance, outputs.get(1));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Bp(
                        getSameDiff(),
                        ChannelNormArgs.from(this),
                        arg(0),
                        outputVariables()[0],
                        gradients.get(0),
                        gradients.get(1))
                .outputVariable());
    }

    /** The gradient. Inputs: x, mean, dmean, dvariance; output: dx. */
    public static final class Bp extends JavaOp {

        /** For SameDiff, which clones operations. */
        public Bp() {}

        private Bp(SameDiff sameDiff, ChannelNormArgs args, SDVariable... inputs) {
            super(sameDiff, inputs);
            args.addTo(this);
        }

        @Override
        public String opName() {
            return "dl4jnorms_statistics_bp";
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            ChannelNormArgs args = ChannelNormArgs.from(this);
            ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
            ChannelsFirst dx = ChannelsFirst.write(outputs.get(0), args);
            NO_AFFINE
                    .norm(x, args)
                    .statisticsGradient(
                            x.memory(),
                            dx.memory(),
                            Contiguous.doubles(inputs.get(1)),
                            Contiguous.doubles(inputs.get(2)),
                            Contiguous.doubles(inputs.get(3)));
            x.keep();
            dx.finish();
        }
    }
}
