package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.TokenRows;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code y = x + gate · branch}, fused: the gated end of a residual branch. Inputs: x and branch {@code [N, T, D]}, gate
 * {@code [N, D]}. Where the gate is 0, y is x bit for bit, whatever the branch.
 */
public final class AddGatedOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public AddGatedOp() {}

    /** The operation on variables. */
    public AddGatedOp(SameDiff sameDiff, SDVariable x, SDVariable branch, SDVariable gate) {
        super(sameDiff, x, branch, gate);
    }

    @Override
    public String opName() {
        return "dl4jnorms_add_gated";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        Arguments.floatingPoint(x);
        if (x.rank() != 3) {
            throw new IllegalArgumentException("x: takes [N, T, D], received " + Arguments.describe(x));
        }
        Arguments.like("branch", inputs.get(1), x);
        perExample("gate", inputs.get(2), x);
    }

    /** Checks a vector for each example of x {@code [N, T, D]}. */
    static void perExample(String name, INDArray vectors, INDArray x) {
        if (!Arrays.equals(vectors.shape(), new long[] {x.size(0), x.size(2)}) || vectors.dataType() != x.dataType()) {
            throw new IllegalArgumentException(
                    name + ": takes [" + x.size(0) + ", " + x.size(2) + "] " + x.dataType() + " for x of "
                            + Arguments.describe(x) + ", received " + Arguments.describe(vectors) + " "
                            + vectors.dataType());
        }
    }

    static TokenRows rows(INDArray x) {
        return new TokenRows(Math.toIntExact(x.size(0)), Math.toIntExact(x.size(1)), Math.toIntExact(x.size(2)));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous x = Contiguous.read(inputs.get(0));
        Contiguous branch = Contiguous.read(inputs.get(1));
        Contiguous gate = Contiguous.read(inputs.get(2));
        Contiguous y = Contiguous.write(outputs.get(0));
        rows(x.array()).addGated(x.memory(), branch.memory(), gate.memory(), y.memory());
        x.keep();
        branch.keep();
        gate.keep();
        y.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable dy = gradients.get(0);
        SDVariable[] out = new Bp(getSameDiff(), arg(1), arg(2), dy).outputVariables();
        return List.of(dy, out[0], out[1]);
    }

    /** The gradient. Inputs: branch, gate, dy; outputs: dbranch, dgate. */
    public static final class Bp extends JavaOp {

        /** For SameDiff, which clones operations. */
        public Bp() {}

        Bp(SameDiff sameDiff, SDVariable branch, SDVariable gate, SDVariable dy) {
            super(sameDiff, branch, gate, dy);
        }

        @Override
        public String opName() {
            return "dl4jnorms_add_gated_bp";
        }

        @Override
        public int getNumOutputs() {
            return 2;
        }

        @Override
        public void check(List<INDArray> inputs) {
            Arguments.like("dy", inputs.get(2), inputs.get(0));
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Contiguous branch = Contiguous.read(inputs.get(0));
            Contiguous gate = Contiguous.read(inputs.get(1));
            Contiguous dy = Contiguous.read(inputs.get(2));
            Contiguous dbranch = Contiguous.write(outputs.get(0));
            double[] dgate = new double[Math.toIntExact(gate.array().length())];
            rows(branch.array()).gateGradient(branch.memory(), gate.memory(), dy.memory(), dbranch.memory(), dgate);
            branch.keep();
            gate.keep();
            dy.keep();
            dbranch.finish();
            Contiguous.store(dgate, outputs.get(1));
        }
    }
}
