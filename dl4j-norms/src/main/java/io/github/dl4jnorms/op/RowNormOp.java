package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.Memory;
import io.github.dl4jnorms.kernel.RowNorm;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LayerNorm and, without centring, RMSNorm, fused. Inputs: x, and γ and β where given. Outputs: the normalized array, the mean
 * and the biased variance of each row, kept for the gradient.
 *
 * <p>Papers: Ba, Kiros and Hinton, <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>, 2016; Zhang and
 * Sennrich, <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer Normalization</a>, 2019.
 */
public final class RowNormOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public RowNormOp() {}

    /** γ and β may be null. */
    public RowNormOp(SameDiff sameDiff, SDVariable x, SDVariable gamma, SDVariable beta, RowNormArgs args) {
        super(sameDiff, ChannelNormOp.present(x, gamma, beta));
        args.addTo(this);
    }

    /** For {@link #execute} without a graph. */
    public RowNormOp(RowNormArgs args) {
        args.addTo(this);
    }

    @Override
    public String opName() {
        return "dl4jnorms_row_norm";
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    public void check(List<INDArray> inputs) {
        check(inputs, 1, RowNormArgs.from(this));
    }

    /** Checks x, and γ and β from {@code affineFrom} on. */
    static void check(List<INDArray> inputs, int affineFrom, RowNormArgs args) {
        INDArray x = inputs.get(0);
        Arguments.floatingPoint(x);
        if (x.rank() == 0) {
            throw new IllegalArgumentException("x: takes rank 1 or more, received a scalar");
        }
        if (args.channelsOnly() && x.rank() < 2) {
            throw new IllegalArgumentException(
                    "x: takes an example dimension and a channel dimension, so rank 2 or more, received "
                            + Arguments.describe(x));
        }
        long[] shape = Rows.shape(x, args);
        List<INDArray> rest = new ArrayList<>(inputs.subList(affineFrom, inputs.size()));
        if (args.scaled()) {
            Arguments.parameter("gamma", rest.remove(0), x, shape);
        }
        if (args.shifted()) {
            Arguments.parameter("beta", rest.remove(0), x, shape);
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        RowNormArgs args = RowNormArgs.from(this);
        long[] rows = {x.length() / Rows.length(x, args)};
        return new long[][] {x.shape(), rows, rows};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        DataType statistics = Arguments.statisticsType(inputs.get(0));
        return List.of(inputs.get(0), statistics, statistics);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        RowNormArgs args = RowNormArgs.from(this);
        Rows x = Rows.read(inputs.get(0), args);
        Rows y = Rows.write(outputs.get(0), args);
        double[] mean = new double[x.rows()];
        double[] variance = new double[x.rows()];
        Affine affine = Affine.of(inputs, 1, args);
        Memory memory = x.memory();
        affine.norm(memory, x, args).forward(memory, y.memory(), mean, variance);
        affine.keep();
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
        return RowNormBpOp.gradients(
                getSameDiff(), args(), outputs[1], outputs[2], gradients.get(0), RowNormArgs.from(this));
    }

    /** γ and β among an operation's inputs. */
    record Affine(Contiguous gamma, Contiguous beta) {

        static Affine of(List<INDArray> inputs, int from, RowNormArgs args) {
            List<INDArray> rest = new ArrayList<>(inputs.subList(from, inputs.size()));
            Contiguous gamma = args.scaled() ? Contiguous.read(rest.remove(0)) : null;
            Contiguous beta = args.shifted() ? Contiguous.read(rest.remove(0)) : null;
            return new Affine(gamma, beta);
        }

        RowNorm norm(Memory x, Rows rows, RowNormArgs args) {
            return new RowNorm(
                    x,
                    rows.rows(),
                    rows.length(),
                    gamma == null ? null : gamma.memory(),
                    beta == null ? null : beta.memory(),
                    args.centred(),
                    args.epsilon(),
                    args.slope());
        }

        void keep() {
            Reference.reachabilityFence(this);
        }
    }
}
