package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.TokenRows;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map of each token, {@code y = x W + b}, the bias written before the product is added. Inputs: x {@code [N, T, in]}, W
 * {@code [in, out]}, b {@code [out]}; output: y {@code [N, T, out]}. Floats or doubles.
 */
final class LinearOp extends JavaOp {

    LinearOp(SameDiff sameDiff, SDVariable x, SDVariable weight, SDVariable bias) {
        super(sameDiff, x, weight, bias);
    }

    @Override
    public String opName() {
        return "dl4jnorms_linear";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long in = inputs.get(1).size(0);
        if (x.rank() != 3 || x.size(2) != in) {
            throw new IllegalArgumentException(
                    "x: takes [N, T, " + in + "], received shape " + Arrays.toString(x.shape()));
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        return new long[][] {{x.size(0), x.size(1), inputs.get(1).size(1)}};
    }

    /** The tokens of an array, all of them as if of one example. */
    static TokenRows rows(INDArray tokens) {
        return new TokenRows(1, Math.toIntExact(tokens.size(0) * tokens.size(1)), Math.toIntExact(tokens.size(2)));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous x = Contiguous.read(inputs.get(0));
        Contiguous weight = Contiguous.read(inputs.get(1));
        Contiguous bias = Contiguous.read(inputs.get(2));
        Contiguous y = Contiguous.write(outputs.get(0));
        TokenRows rows = rows(y.array());
        rows.fill(bias.memory(), y.memory());
        long in = weight.array().size(0);
        long out = weight.array().size(1);
        Gemm gemm = new Gemm(x.array().dataType());
        gemm.multiply(
                gemm.matrix(x.address(), 0, in),
                gemm.matrix(weight.address(), 0, out),
                gemm.matrix(y.address(), 0, out),
                rows.tokens(),
                out,
                in,
                1);
        x.keep();
        weight.keep();
        bias.keep();
        y.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Bp(getSameDiff(), arg(0), arg(1), arg(2), gradients.get(0)).outputVariables());
    }

    /** The gradient. Inputs: x, W, b, dy; outputs: dx, dW, db. */
    private static final class Bp extends JavaOp {

        Bp(SameDiff sameDiff, SDVariable x, SDVariable weight, SDVariable bias, SDVariable dy) {
            super(sameDiff, x, weight, bias, dy);
        }

        @Override
        public String opName() {
            return "dl4jnorms_linear_bp";
        }

        @Override
        public int getNumOutputs() {
            return 3;
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Contiguous x = Contiguous.read(inputs.get(0));
            Contiguous weight = Contiguous.read(inputs.get(1));
            Contiguous dy = Contiguous.read(inputs.get(3));
            Contiguous dx = Contiguous.write(outputs.get(0));
            Contiguous dweight = Contiguous.write(outputs.get(1));
            TokenRows rows = rows(dy.array());
            long in = weight.array().size(0);
            long out = weight.array().size(1);
            Gemm gemm = new Gemm(x.array().dataType());
            Gemm.Matrix g = gemm.matrix(dy.address(), 0, out);
            Gemm.Matrix w = gemm.matrix(weight.address(), 0, out);
            gemm.multiply(g, w.transpose(), gemm.matrix(dx.address(), 0, in), rows.tokens(), in, out, 0);
            Gemm.Matrix xt = gemm.matrix(x.address(), 0, in).transpose();
            gemm.multiply(xt, g, gemm.matrix(dweight.address(), 0, out), in, out, rows.tokens(), 0);
            double[] dbias = new double[Math.toIntExact(out)];
            rows.sum(dy.memory(), dbias);
            x.keep();
            weight.keep();
            dy.keep();
            dx.finish();
            dweight.finish();
            Contiguous.store(dbias, outputs.get(2));
        }
    }
}
