package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.Memory;
import io.github.dl4jnorms.kernel.Parallel;
import io.github.dl4jnorms.kernel.Softmax;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-head attention, head by head: while a head's logits are in the cache, they become weights and the values are weighed. Inputs:
 * queries, keys and values {@code [N, T, 3D]}, and perhaps a mask {@code [N, T]} of the keys; outputs: {@code [N, T, D]} and the
 * weights {@code [N, heads, T, T]}, kept for the gradient. Floats or doubles.
 */
final class AttentionOp extends JavaOp {

    AttentionOp(SameDiff sameDiff, SDVariable qkv, SDVariable mask, int heads) {
        super(sameDiff, mask == null ? new SDVariable[] {qkv} : new SDVariable[] {qkv, mask});
        addIArgument(heads);
    }

    @Override
    public String opName() {
        return "dl4jnorms_attention";
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray qkv = inputs.get(0);
        if (qkv.rank() != 3 || qkv.size(2) % (3 * iArgs()[0]) != 0) {
            throw new IllegalArgumentException("qkv: takes [N, T, 3D] with D a multiple of the " + iArgs()[0]
                    + " heads, received shape " + Arrays.toString(qkv.shape()));
        }
        if (qkv.size(1) > Softmax.LONGEST) {
            throw new IllegalArgumentException(
                    "qkv: takes up to " + Softmax.LONGEST + " tokens, received " + qkv.size(1));
        }
        if (inputs.size() > 1 && !Arrays.equals(inputs.get(1).shape(), new long[] {qkv.size(0), qkv.size(1)})) {
            throw new IllegalArgumentException("mask: takes [" + qkv.size(0) + ", " + qkv.size(1)
                    + "], a number per token, received shape "
                    + Arrays.toString(inputs.get(1).shape()));
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        return new long[][] {{shape[0], shape[1], shape[2] / 3}, {shape[0], iArgs()[0], shape[1], shape[1]}};
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        return List.of(inputs.get(0), inputs.get(0));
    }

    /** Where each head's matrices are. */
    private record Heads(Gemm gemm, int heads, long tokens, long size) {

        static Heads of(INDArray qkv, long heads) {
            return new Heads(new Gemm(qkv.dataType()), (int) heads, qkv.size(1), qkv.size(2) / 3);
        }

        /** Calls a task with each head of each example, all of them counted; p are the weights {@code [N, heads, T, T]}. */
        void forEach(Contiguous p, IntConsumer task) {
            Parallel.forEach(
                    Math.toIntExact(p.array().size(0)) * heads, p.array().length(), task);
        }

        /** Numbers of each head. */
        long width() {
            return size / heads;
        }

        double scale() {
            return 1 / Math.sqrt(width());
        }

        Softmax softmax() {
            return new Softmax(Math.toIntExact(tokens), scale());
        }

        /** Queries (0), keys (1) or values (2) of head {@code i}, all heads of all examples counted. */
        Gemm.Matrix of(Contiguous qkv, int i, int which) {
            long offset = i / heads * tokens * 3 * size + which * size + i % heads * width();
            return gemm.matrix(qkv.address(), offset, 3 * size);
        }

        /** What comes out of head {@code i}. */
        Gemm.Matrix output(Contiguous y, int i) {
            return gemm.matrix(y.address(), i / heads * tokens * size + i % heads * width(), size);
        }

        /** The weights of head {@code i}. */
        Gemm.Matrix weights(Contiguous p, int i) {
            return gemm.matrix(p.address(), i * tokens * tokens, tokens);
        }

        void multiply(Gemm.Matrix a, Gemm.Matrix b, Gemm.Matrix c, long n, long k) {
            gemm.multiply(a, b, c, tokens, n, k, 0);
        }
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous qkv = Contiguous.read(inputs.get(0));
        Contiguous mask = inputs.size() > 1
                ? Contiguous.read(inputs.get(1).castTo(qkv.array().dataType()))
                : null;
        Contiguous y = Contiguous.write(outputs.get(0));
        Contiguous p = Contiguous.write(outputs.get(1));
        Heads h = Heads.of(qkv.array(), iArgs()[0]);
        int rows = Math.toIntExact(h.tokens);
        Memory weights = p.memory();
        Memory keys = mask == null ? null : mask.memory();
        h.forEach(p, i -> {
            h.multiply(h.of(qkv, i, 0), h.of(qkv, i, 1).transpose(), h.weights(p, i), h.tokens, h.width());
            h.softmax().forward(weights, i * h.tokens * h.tokens, rows, keys, i / h.heads * h.tokens);
            h.multiply(h.weights(p, i), h.of(qkv, i, 2), h.output(y, i), h.width(), h.tokens);
        });
        qkv.keep();
        Reference.reachabilityFence(mask);
        y.finish();
        p.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable dqkv =
                new Bp(getSameDiff(), arg(0), outputVariables()[1], gradients.get(0), iArgs()[0]).outputVariables()[0];
        List<SDVariable> all = new ArrayList<>(List.of(dqkv));
        if (args().length > 1) {
            all.add(null); // a mask has no gradient
        }
        return all;
    }

    /** The gradient. Inputs: queries, keys and values, weights, dy; outputs: dqkv, and the gradient of the logits, as a place to work in. */
    private static final class Bp extends JavaOp {

        Bp(SameDiff sameDiff, SDVariable qkv, SDVariable weights, SDVariable dy, long heads) {
            super(sameDiff, qkv, weights, dy);
            addIArgument(heads);
        }

        @Override
        public String opName() {
            return "dl4jnorms_attention_bp";
        }

        @Override
        public int getNumOutputs() {
            return 2;
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Contiguous qkv = Contiguous.read(inputs.get(0));
            Contiguous p = Contiguous.read(inputs.get(1));
            Contiguous dy = Contiguous.read(inputs.get(2));
            Contiguous dqkv = Contiguous.write(outputs.get(0));
            Contiguous dp = Contiguous.write(outputs.get(1));
            Heads h = Heads.of(qkv.array(), iArgs()[0]);
            int rows = Math.toIntExact(h.tokens);
            Memory weights = p.memory();
            Memory gradient = dp.memory();
            h.forEach(p, i -> {
                Gemm.Matrix g = h.output(dy, i);
                long at = i * h.tokens * h.tokens;
                h.multiply(h.weights(p, i).transpose(), g, h.of(dqkv, i, 2), h.width(), h.tokens);
                h.multiply(g, h.of(qkv, i, 2).transpose(), h.weights(dp, i), h.tokens, h.width());
                h.softmax().backward(weights, at, gradient, at, rows);
                h.multiply(h.weights(dp, i), h.of(qkv, i, 1), h.of(dqkv, i, 0), h.width(), h.tokens);
                h.multiply(h.weights(dp, i).transpose(), h.of(qkv, i, 0), h.of(dqkv, i, 1), h.width(), h.tokens);
            });
            qkv.keep();
            p.keep();
            dy.keep();
            dqkv.finish();
            dp.finish();
        }
    }
}
