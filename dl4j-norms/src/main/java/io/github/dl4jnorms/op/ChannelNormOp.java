package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.ChannelNorm;
import io.github.dl4jnorms.kernel.RowGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the channel norms have in common: x, γ and β (the last two optional) go in; the normalized array, the means and the
 * biased variances of the groups come out, the statistics kept for the gradient.
 */
public abstract class ChannelNormOp extends JavaOp {

    ChannelNormOp() {}

    ChannelNormOp(SameDiff sameDiff, SDVariable x, SDVariable gamma, SDVariable beta, ChannelNormArgs args) {
        super(sameDiff, present(x, gamma, beta));
        args.addTo(this);
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

    abstract long[] statisticsShape(long[] input);

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        return new long[][] {shape, statisticsShape(shape), statisticsShape(shape)};
    }

    /** Checks x and gives its number of channels. */
    public final long channels(INDArray x) {
        return Arguments.channels(x, attributes());
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        Affine.check(inputs, 1, attributes(), Arguments.channels(x, attributes()));
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
        RowGroups groups = args.rowGroups(x);
        double[] mean = new double[groups.count()];
        double[] variance = new double[groups.count()];
        Affine affine = Affine.of(inputs, 1, args);
        new ChannelNorm(groups, affine.gamma(), affine.beta(), args.epsilon(), args.slope())
                .forward(x.memory(), y.memory(), mean, variance);
        x.keep();
        y.finish();
        if (outputs.size() > 1) {
            Contiguous.store(mean, outputs.get(1));
            Contiguous.store(variance, outputs.get(2));
        }
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] outputs = outputVariables();
        return ChannelNormBpOp.gradients(
                getSameDiff(), args(), 1, outputs[1], outputs[2], gradients.get(0), false, attributes());
    }

    /** γ and β among an operation's inputs. */
    record Affine(double[] gamma, double[] beta) {
        static void check(List<INDArray> inputs, int from, ChannelNormArgs args, long channels) {
            List<INDArray> rest = new ArrayList<>(inputs.subList(from, inputs.size()));
            if (args.scaled()) {
                Arguments.vector("gamma", rest.remove(0), inputs.get(0), channels);
            }
            if (args.shifted()) {
                Arguments.vector("beta", rest.remove(0), inputs.get(0), channels);
            }
        }

        static Affine of(List<INDArray> inputs, int from, ChannelNormArgs args) {
            List<INDArray> rest = new ArrayList<>(inputs.subList(from, inputs.size()));
            INDArray gamma = args.scaled() ? rest.remove(0) : null;
            INDArray beta = args.shifted() ? rest.remove(0) : null;
            return new Affine(Contiguous.doubles(gamma), Contiguous.doubles(beta));
        }
    }
}
