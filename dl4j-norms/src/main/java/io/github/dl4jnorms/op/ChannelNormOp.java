package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.ChannelNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the channel norms have in common: x, γ, β and a residual (the last three optional) go in; the normalized array, the means and the
 * biased variances of the groups come out, the statistics kept for the gradient.
 */
public abstract class ChannelNormOp extends JavaOp {

    ChannelNormOp() {}

    ChannelNormOp(
            SameDiff sameDiff,
            SDVariable x,
            SDVariable gamma,
            SDVariable beta,
            SDVariable residual,
            ChannelNormArgs args) {
        super(sameDiff, present(x, gamma, beta, residual));
        args.with(residual).addTo(this);
    }

    ChannelNormOp(ChannelNormArgs args) {
        args.addTo(this);
    }

    static SDVariable[] present(SDVariable... variables) {
        return Stream.of(variables).filter(v -> v != null).toArray(SDVariable[]::new);
    }

    ChannelNormArgs attributes() {
        return ChannelNormArgs.from(this);
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        long[] statistics = attributes().statisticsShape(shape);
        return new long[][] {shape, statistics, statistics};
    }

    @Override
    public void check(List<INDArray> inputs) {
        long channels = Arguments.channels(inputs.get(0), attributes());
        attributes().checkGroups(channels);
        Affine.check(inputs, 1, attributes(), channels);
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        DataType statistics = Arguments.statisticsType(inputs.get(0));
        return List.of(inputs.get(0), statistics, statistics);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        ChannelNormArgs args = attributes();
        ChannelsFirst x = ChannelsFirst.read(inputs.get(0), args);
        ChannelsFirst y = ChannelsFirst.write(outputs.get(0), args);
        int groups = args.rowGroups(x).count();
        double[] mean = new double[groups];
        double[] variance = new double[groups];
        Affine affine = Affine.of(inputs, 1, args);
        affine.norm(x, args).forward(x.memory(), y.memory(), mean, variance);
        x.keep();
        affine.keep();
        y.finish();
        if (outputs.size() > 1) {
            Contiguous.store(mean, outputs.get(1));
            Contiguous.store(variance, outputs.get(2));
        }
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] outputs = outputVariables();
        return ChannelNormBpOp.ofStatistics(getSameDiff(), args(), outputs[1], outputs[2], gradients, attributes());
    }

    /** γ, β and the residual among an operation's inputs. */
    record Affine(double[] gamma, double[] beta, ChannelsFirst residual) {
        static void check(List<INDArray> inputs, int from, ChannelNormArgs args, long channels) {
            List<INDArray> rest = new ArrayList<>(inputs.subList(from, inputs.size()));
            if (args.scaled()) {
                Arguments.affine("gamma", rest.remove(0), inputs.get(0), channels, args);
            }
            if (args.shifted()) {
                Arguments.affine("beta", rest.remove(0), inputs.get(0), channels, args);
            }
            if (args.residual()) {
                Arguments.like("residual", rest.remove(0), inputs.get(0));
            }
        }

        static Affine of(List<INDArray> inputs, int from, ChannelNormArgs args) {
            List<INDArray> rest = new ArrayList<>(inputs.subList(from, inputs.size()));
            INDArray gamma = args.scaled() ? rest.remove(0) : null;
            INDArray beta = args.shifted() ? rest.remove(0) : null;
            ChannelsFirst residual = args.residual() ? ChannelsFirst.read(rest.remove(0), args) : null;
            return new Affine(Contiguous.doubles(gamma), Contiguous.doubles(beta), residual);
        }

        ChannelNorm norm(ChannelsFirst x, ChannelNormArgs args) {
            int channels = args.perExample() ? x.examples() * x.channels() : x.channels();
            return new ChannelNorm(
                    args.rowGroups(x),
                    channels,
                    gamma,
                    beta,
                    residual == null ? null : residual.memory(),
                    args.centred(),
                    args.epsilon(),
                    args.slope());
        }

        /** As {@link Contiguous#keep}. */
        void keep() {
            if (residual != null) {
                residual.keep();
            }
        }
    }
}
