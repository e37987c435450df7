package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.Memory;
import io.github.dl4jnorms.kernel.RowNorm;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LayerNorm or, without centring, RMSNorm of each token, modulated by vectors of its example, fused:
 * {@code y = x̂ (1 + scale) + shift}. Inputs: x {@code [N, T, D]}, shift and scale {@code [N, D]}; outputs: y, and the mean and the
 * biased variance of each token, {@code [N, T]}, kept for the gradient.
 */
public final class ModulatedNormOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public ModulatedNormOp() {}

    /** The operation on variables. */
    public ModulatedNormOp(
            SameDiff sameDiff, SDVariable x, SDVariable shift, SDVariable scale, boolean centred, double epsilon) {
        super(sameDiff, x, shift, scale);
        addBArgument(centred);
        addTArgument(epsilon);
    }

    @Override
    public String opName() {
        return "dl4jnorms_modulated_norm";
    }

    @Override
    public int getNumOutputs() {
        return 3;
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        Arguments.floatingPoint(x);
        if (x.rank() != 3) {
            throw new IllegalArgumentException("x: takes [N, T, D], received " + Arguments.describe(x));
        }
        AddGatedOp.perExample("shift", inputs.get(1), x);
        AddGatedOp.perExample("scale", inputs.get(2), x);
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        long[] rows = {shape[0], shape[1]};
        return new long[][] {shape, rows, rows};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        DataType statistics = Arguments.statisticsType(inputs.get(0));
        return List.of(inputs.get(0), statistics, statistics);
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        for (long n = 0; n < inputs.get(0).size(0); n++) {
            Contiguous x = Contiguous.read(inputs.get(0).slice(n));
            Contiguous shift = Contiguous.read(inputs.get(1).slice(n));
            Contiguous gamma = Contiguous.read(inputs.get(2).slice(n).add(1));
            Contiguous y = Contiguous.write(outputs.get(0).slice(n));
            int rows = Math.toIntExact(x.array().size(0));
            double[] mean = new double[rows];
            double[] variance = new double[rows];
            norm(this, x, gamma, shift).forward(x.memory(), y.memory(), mean, variance);
            x.keep();
            shift.keep();
            gamma.keep();
            y.finish();
            if (outputs.size() > 1) {
                Contiguous.store(mean, outputs.get(1).slice(n));
                Contiguous.store(variance, outputs.get(2).slice(n));
            }
        }
    }

    private static RowNorm norm(JavaOp op, Contiguous x, Contiguous gamma, Contiguous shift) {
        Memory memory = x.memory();
        return new RowNorm(
                memory,
                Math.toIntExact(x.array().size(0)),
                Math.toIntExact(x.array().size(1)),
                gamma.memory(),
                shift.memory(),
                op.getBArgument(0),
                op.getTArgument(0),
                1);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] outputs = outputVariables();
        return List.of(new Bp(this, outputs[1], outputs[2], gradients.get(0)).outputVariables());
    }

    /** The gradient. Inputs: x, shift, scale, mean, variance, dy; outputs: dx, dshift, dscale. */
    public static final class Bp extends JavaOp {

        /** For SameDiff, which clones operations. */
        public Bp() {}

        Bp(ModulatedNormOp op, SDVariable mean, SDVariable variance, SDVariable dy) {
            super(op.getSameDiff(), op.arg(0), op.arg(1), op.arg(2), mean, variance, dy);
            addBArgument(op.getBArgument(0));
            addTArgument(op.getTArgument(0));
        }

        @Override
        public String opName() {
            return "dl4jnorms_modulated_norm_bp";
        }

        @Override
        public int getNumOutputs() {
            return 3;
        }

        @Override
        public void check(List<INDArray> inputs) {
            Arguments.like("dy", inputs.get(5), inputs.get(0));
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            for (long n = 0; n < inputs.get(0).size(0); n++) {
                Contiguous x = Contiguous.read(inputs.get(0).slice(n));
                Contiguous shift = Contiguous.read(inputs.get(1).slice(n));
                Contiguous gamma = Contiguous.read(inputs.get(2).slice(n).add(1));
                Contiguous dy = Contiguous.read(inputs.get(5).slice(n));
                Contiguous dx = Contiguous.write(outputs.get(0).slice(n));
                double[] dscale = new double[Math.toIntExact(x.array().size(1))];
                double[] dshift = new double[dscale.length];
                norm(this, x, gamma, shift)
                        .backward(
                                x.memory(),
                                dy.memory(),
                                dx.memory(),
                                Contiguous.doubles(inputs.get(3).slice(n)),
                                Contiguous.doubles(inputs.get(4).slice(n)),
                                dscale,
                                dshift);
                x.keep();
                shift.keep();
                gamma.keep();
                dy.keep();
                dx.finish();
                Contiguous.store(dshift, outputs.get(1).slice(n));
                Contiguous.store(dscale, outputs.get(2).slice(n));
            }
        }
    }
}
