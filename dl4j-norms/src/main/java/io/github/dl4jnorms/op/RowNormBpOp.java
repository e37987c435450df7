package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.Memory;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of {@link RowNormOp}, fused. Inputs: x, dy, mean, variance, and γ and β where given; outputs: dx [as x], dγ and
 * dβ [as the dimensions that are normalized over].
 */
public final class RowNormBpOp extends JavaOp {

    private static final int AFFINE_FROM = 4;

    /** For SameDiff, which clones operations. */
    public RowNormBpOp() {}

    private RowNormBpOp(SameDiff sameDiff, RowNormArgs args, List<SDVariable> inputs) {
        super(sameDiff, inputs.toArray(new SDVariable[0]));
        args.addTo(this);
    }

    /**
     * The gradients with respect to the norm's inputs.
     *
     * @param inputs of the norm: x, then γ and β where given
     */
    static List<SDVariable> gradients(
            SameDiff sameDiff,
            SDVariable[] inputs,
            SDVariable mean,
            SDVariable variance,
            SDVariable dy,
            RowNormArgs args) {
        List<SDVariable> all = new ArrayList<>(List.of(inputs[0], dy, mean, variance));
        all.addAll(List.of(inputs).subList(1, inputs.length));
        SDVariable[] out = new RowNormBpOp(sameDiff, args, all).outputVariables();
        List<SDVariable> gradients = new ArrayList<>(List.of(out[0]));
        if (args.scaled()) {
            gradients.add(out[1]);
        }
        if (args.shifted()) {
            gradients.add(out[2]);
        }
        return gradients;
    }

    @Override
    public String opName() {
        return "dl4jnorms_row_norm_bp";
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    public void check(List<INDArray> inputs) {
        RowNormOp.check(inputs, AFFINE_FROM, RowNormArgs.from(this));
        Arguments.like("dy", inputs.get(1), inputs.get(0));
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long[] shape = Rows.shape(x, RowNormArgs.from(this));
        return new long[][] {x.shape(), shape, shape};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        RowNormArgs args = RowNormArgs.from(this);
        DataType x = inputs.get(0);
        DataType gamma = args.scaled() ? inputs.get(AFFINE_FROM) : x;
        DataType beta = args.shifted() ? inputs.get(inputs.size() - 1) : x;
        return List.of(x, gamma, beta);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        RowNormArgs args = RowNormArgs.from(this);
        Rows x = Rows.read(inputs.get(0), args);
        Rows dy = Rows.read(inputs.get(1), args);
        Rows dx = Rows.write(outputs.get(0), args);
        RowNormOp.Affine affine = RowNormOp.Affine.of(inputs, AFFINE_FROM, args);
        double[] dgamma = new double[x.length()];
        double[] dbeta = new double[x.length()];
        Memory memory = x.memory();
        affine.norm(memory, x, args)
                .backward(
                        memory,
                        dy.memory(),
                        dx.memory(),
                        Contiguous.doubles(inputs.get(2)),
                        Contiguous.doubles(inputs.get(3)),
                        dgamma,
                        dbeta);
        affine.keep();
        x.keep();
        dy.keep();
        dx.finish();
        Contiguous.store(dgamma, outputs.get(1));
        Contiguous.store(dbeta, outputs.get(2));
    }
}
