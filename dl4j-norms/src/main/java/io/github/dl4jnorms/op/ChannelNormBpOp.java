package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.ChannelNorm;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of every channel norm, fused. Inputs: x, dy, mean, variance, and γ and β where given; outputs: dx [as x],
 * dγ [C], dβ [C].
 */
public final class ChannelNormBpOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public ChannelNormBpOp() {}

    private ChannelNormBpOp(SameDiff sameDiff, boolean fixed, ChannelNormArgs args, SDVariable... inputs) {
        super(sameDiff, inputs);
        args.addTo(this);
        addBArgument(fixed);
    }

    @Override
    public String opName() {
        return "dl4jnorms_channel_norm_bp";
    }

    /**
     * The gradients of a norm with respect to its inputs.
     *
     * @param inputs of the norm: x, perhaps statistics, then γ and β where given
     * @param affineFrom the first of γ and β among them
     * @param fixed whether the statistics were given rather than computed from x
     */
    static List<SDVariable> gradients(
            SameDiff sameDiff,
            SDVariable[] inputs,
            int affineFrom,
            SDVariable mean,
            SDVariable variance,
            SDVariable dy,
            boolean fixed,
            ChannelNormArgs args) {
        List<SDVariable> all = new ArrayList<>(List.of(inputs[0], dy, mean, variance));
        all.addAll(List.of(inputs).subList(affineFrom, inputs.length));
        SDVariable[] out = new ChannelNormBpOp(sameDiff, fixed, args, all.toArray(new SDVariable[0])).outputVariables();
        List<SDVariable> gradients = new ArrayList<>();
        gradients.add(out[0]);
        for (int i = 1; i < affineFrom; i++) {
            gradients.add(sameDiff.zerosLike(inputs[i]));
        }
        if (args.scaled()) {
            gradients.add(out[1]);
        }
        if (args.shifted()) {
            gradients.add(out[2]);
        }
        return gradients;
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        long channels = shape[ChannelNormArgs.from(this).channelsLast() ? shape.length - 1 : 1];
        return new long[][] {shape, {channels}, {channels}};
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        ChannelNormArgs args = ChannelNormArgs.from(this);
        Arguments.like("dy", inputs.get(1), x);
        ChannelNormOp.Affine.check(inputs, 4, args, Arguments.channels(x, args));
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        DataType x = inputs.get(0);
        DataType gamma = args.scaled() ? inputs.get(4) : x;
        DataType beta = args.shifted() ? inputs.get(inputs.size() - 1) : x;
        return List.of(x, gamma, beta);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
        ChannelsFirst dy = ChannelsFirst.read(inputs.get(1), args);
        ChannelsFirst dx = ChannelsFirst.write(outputs.get(0), args);
        ChannelNormOp.Affine affine = ChannelNormOp.Affine.of(inputs, 4, args);
        double[] dgamma = new double[x.channels()];
        double[] dbeta = new double[x.channels()];
        new ChannelNorm(args.rowGroups(x), affine.gamma(), affine.beta(), args.epsilon(), args.slope())
                .backward(
                        x.memory(),
                        dy.memory(),
                        dx.memory(),
                        Contiguous.doubles(inputs.get(2).ravel()),
                        Contiguous.doubles(inputs.get(3).ravel()),
                        getBArgument(3),
                        dgamma,
                        dbeta);
        x.keep();
        dy.keep();
        dx.finish();
        Contiguous.store(dgamma, outputs.get(1));
        Contiguous.store(dbeta, outputs.get(2));
    }
}
