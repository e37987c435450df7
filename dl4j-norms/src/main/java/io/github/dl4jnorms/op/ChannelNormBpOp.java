package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of every channel norm, fused. Inputs: x, dy, mean, variance, where these were computed from x their own
 * gradients, and γ, β and the residual where given; outputs: dx [as x], dγ and dβ [as γ and β], and the residual's gradient [as x] where there
 * is one.
 */
public final class ChannelNormBpOp extends JavaOp {

    private static final int FIXED = 6;

    /** For SameDiff, which clones operations. */
    public ChannelNormBpOp() {}

    private ChannelNormBpOp(SameDiff sameDiff, boolean fixed, ChannelNormArgs args, List<SDVariable> inputs) {
        super(sameDiff, inputs.toArray(new SDVariable[0]));
        args.addTo(this);
        addBArgument(fixed);
    }

    /** For {@link #execute} without a graph, by the statistics of x itself. */
    ChannelNormBpOp(ChannelNormArgs args) {
        args.addTo(this);
        addBArgument(false);
    }

    @Override
    public String opName() {
        return "dl4jnorms_channel_norm_bp";
    }

    /**
     * The gradients of a norm by the statistics of its own input.
     *
     * @param inputs of the norm: x, then γ, β and the residual where given
     * @param gradients with respect to the norm's outputs: y, mean, variance
     */
    static List<SDVariable> ofStatistics(
            SameDiff sameDiff,
            SDVariable[] inputs,
            SDVariable mean,
            SDVariable variance,
            List<SDVariable> gradients,
            ChannelNormArgs args) {
        List<SDVariable> all = new ArrayList<>(
                List.of(inputs[0], gradients.get(0), mean, variance, gradients.get(1), gradients.get(2)));
        all.addAll(List.of(inputs).subList(1, inputs.length));
        SDVariable[] out = new ChannelNormBpOp(sameDiff, false, args, all).outputVariables();
        List<SDVariable> result = new ArrayList<>(List.of(out[0]));
        addAffine(out, args, result);
        return result;
    }

    /**
     * The gradients of a norm by given statistics, which are taken for constants.
     *
     * @param inputs of the norm: x, mean, variance, then γ, β and the residual where given
     */
    static List<SDVariable> ofFixedStatistics(
            SameDiff sameDiff, SDVariable[] inputs, SDVariable dy, ChannelNormArgs args) {
        List<SDVariable> all = new ArrayList<>(List.of(inputs[0], dy));
        all.addAll(List.of(inputs).subList(1, inputs.length));
        SDVariable[] out = new ChannelNormBpOp(sameDiff, true, args, all).outputVariables();
        List<SDVariable> result =
                new ArrayList<>(List.of(out[0], sameDiff.zerosLike(inputs[1]), sameDiff.zerosLike(inputs[2])));
        addAffine(out, args, result);
        return result;
    }

    static void addAffine(SDVariable[] out, ChannelNormArgs args, List<SDVariable> result) {
        if (args.scaled()) {
            result.add(out[1]);
        }
        if (args.shifted()) {
            result.add(out[2]);
        }
        if (args.residual()) {
            result.add(out[3]);
        }
    }

    private boolean fixed() {
        return getBArgument(FIXED);
    }

    /** The first of γ and β among the inputs. */
    private int affineFrom() {
        return fixed() ? 4 : 6;
    }

    @Override
    public int getNumOutputs() {
        return ChannelNormArgs.from(this).residual() ? 4 : 3;
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        ChannelNormArgs args = ChannelNormArgs.from(this);
        long channels = shape[args.channelsLast() ? shape.length - 1 : 1];
        long[] affine = args.perExample() ? new long[] {shape[0], channels} : new long[] {channels};
        return args.residual() ? new long[][] {shape, affine, affine, shape} : new long[][] {shape, affine, affine};
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        ChannelNormArgs args = ChannelNormArgs.from(this);
        Arguments.like("dy", inputs.get(1), x);
        ChannelNormOp.Affine.check(inputs, affineFrom(), args, Arguments.channels(x, args));
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        DataType x = inputs.get(0);
        DataType gamma = args.scaled() ? inputs.get(affineFrom()) : x;
        DataType beta = args.shifted() ? inputs.get(affineFrom() + (args.scaled() ? 1 : 0)) : x;
        return args.residual() ? List.of(x, gamma, beta, x) : List.of(x, gamma, beta);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        ChannelNormArgs args = ChannelNormArgs.from(this);
        ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
        ChannelsFirst dy = ChannelsFirst.read(inputs.get(1), args);
        ChannelsFirst dx = ChannelsFirst.write(outputs.get(0), args);
        ChannelNormOp.Affine affine = ChannelNormOp.Affine.of(inputs, affineFrom(), args);
        ChannelsFirst dresidual = args.residual() ? ChannelsFirst.write(outputs.get(3), args) : null;
        int parameters = Math.toIntExact(outputs.get(1).length());
        double[] dgamma = new double[parameters];
        double[] dbeta = new double[parameters];
        affine.norm(x, args)
                .backward(
                        x.memory(),
                        dy.memory(),
                        dx.memory(),
                        dresidual == null ? null : dresidual.memory(),
                        Contiguous.doubles(inputs.get(2)),
                        Contiguous.doubles(inputs.get(3)),
                        fixed(),
                        fixed() ? null : Contiguous.doubles(inputs.get(4)),
                        fixed() ? null : Contiguous.doubles(inputs.get(5)),
                        dgamma,
                        dbeta);
        x.keep();
        dy.keep();
        affine.keep();
        dx.finish();
        if (dresidual != null) {
            dresidual.finish();
        }
        Contiguous.store(dgamma, outputs.get(1));
        Contiguous.store(dbeta, outputs.get(2));
    }
}
