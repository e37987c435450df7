package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.AddGatedOp;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.GeluOp;
import io.github.dl4jnorms.op.ModulatedNormOp;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.op.SwapTimeOp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** What transformer blocks compute on tokens {@code [N, T, D]}. */
public final class TokenOps {

    private TokenOps() {}

    /** {@code y = x W + b} for each token; x {@code [N, T, in]}, W {@code [in, out]}, b {@code [out]}. */
    public static SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        if (fused(x)) {
            return new LinearOp(sd, x, weight, bias).outputVariable();
        }
        SDVariable in = sd.slice(sd.shape(weight), new int[] {0}, 1);
        SDVariable out = sd.slice(sd.shape(weight), new int[] {1}, 1);
        SDVariable rows = sd.reshape(x, sd.concat(0, longs(sd, -1), in));
        SDVariable y = sd.mmul(rows, weight).add(bias);
        return sd.reshape(y, sd.concat(0, sd.slice(sd.shape(x), new int[] {0}, 2), out));
    }

    /**
     * Multi-head self-attention: for each head {@code softmax(Q Kᵀ / √d) V}, d the size of a head.
     *
     * @param qkv queries, keys and values, {@code [N, T, 3D]}, each of them head by head
     * @param mask null, or {@code [N, T]}: keys where it is 0 get no attention; without any key, 0 comes out
     * @return {@code [N, T, D]}
     */
    public static SDVariable attention(SameDiff sd, SDVariable qkv, SDVariable mask, int heads, long size) {
        if (fused(qkv)) {
            return new AttentionOp(sd, qkv, mask, heads).outputVariables()[0];
        }
        long d = size / heads;
        SDVariable shape = sd.shape(qkv);
        SDVariable examplesAndTime = sd.slice(shape, new int[] {0}, 2);
        SDVariable split = sd.reshape(qkv, sd.concat(0, examplesAndTime, longs(sd, 3, heads, d)));
        SDVariable[] parts = sd.unstack(sd.permute(split, 2, 0, 3, 1, 4), 0, 3);
        SDVariable logits = sd.mmul(parts[0], parts[1], false, true, false).mul(1 / Math.sqrt(d));
        SDVariable p;
        if (mask == null) {
            p = sd.nn.softmax(logits, -1);
        } else {
            SDVariable keys = sd.expandDims(sd.expandDims(Sequence.typed(mask, qkv), 1), 1);
            p = sd.nn.softmax(logits.add(keys.sub(1).mul(1e9)), -1).mul(keys);
        }
        SDVariable heard = sd.permute(sd.mmul(p, parts[2]), 0, 2, 1, 3);
        return sd.reshape(heard, sd.concat(0, examplesAndTime, longs(sd, size)));
    }

    /** GELU of each element. */
    public static SDVariable gelu(SameDiff sd, SDVariable x, Gelu kind) {
        if (kind == Gelu.TANH && fused(x)) {
            return new GeluOp(sd, x).outputVariable();
        }
        SDVariable inner = kind == Gelu.TANH
                ? sd.math.tanh(x.add(sd.math.cube(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)))
                : sd.math.erf(x.mul(Math.sqrt(0.5)));
        return x.mul(0.5).mul(inner.add(1));
    }

    /** {@code x (1 + scale) + shift}, x {@code [N, T, D]}, scale and shift {@code [N, D]}. */
    public static SDVariable modulate(SameDiff sd, SDVariable x, SDVariable shift, SDVariable scale) {
        return x.mul(sd.expandDims(scale.add(1), 1)).add(sd.expandDims(shift, 1));
    }

    /**
     * LayerNorm or, if {@code rms}, RMSNorm of each token, without γ and β, and {@link #modulate} of what it gives.
     */
    public static SDVariable modulatedNorm(
            SameDiff sd, SDVariable x, SDVariable shift, SDVariable scale, boolean rms, double epsilon) {
        if (fused(x)) {
            return new ModulatedNormOp(sd, x, shift, scale, !rms, epsilon).outputVariables()[0];
        }
        RowNormArgs args =
                rms ? RowNormArgs.rmsNorm(-1, null, epsilon, 1) : RowNormArgs.layerNorm(-1, null, null, epsilon, 1);
        return modulate(sd, SDNorms.rowNorm(sd, x, null, null, args), shift, scale);
    }

    /**
     * {@code x + gate · branch}, x and branch {@code [N, T, D]}, gate {@code [N, D]}; where the gate is 0, x bit for bit, on
     * the CPU.
     */
    public static SDVariable addGated(SameDiff sd, SDVariable x, SDVariable branch, SDVariable gate) {
        if (fused(x)) {
            return new AddGatedOp(sd, x, branch, gate).outputVariable();
        }
        return x.add(branch.mul(sd.expandDims(gate, 1)));
    }

    /** {@code [N, D, T]} to {@code [N, T, D]}, or back. */
    static SDVariable swapTime(SameDiff sd, SDVariable x) {
        return fused(x) ? new SwapTimeOp(sd, x).outputVariable() : sd.permute(x, 0, 2, 1);
    }

    /** 16-bit numbers are computed by SameDiff's own operations. */
    private static boolean fused(SDVariable x) {
        return Fused.available() && (x.dataType() == DataType.FLOAT || x.dataType() == DataType.DOUBLE);
    }

    private static SDVariable longs(SameDiff sd, long... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }
}
