package io.github.dl4jnorms.samediff.attention;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** What transformer blocks compute on tokens {@code [N, T, D]}. */
public final class TokenOps {

    private TokenOps() {}

    /** {@code y = x W + b} for each token; x {@code [N, T, in]}, W {@code [in, out]}, b {@code [out]}. */
    public static SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
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
        SDVariable inner = kind == Gelu.TANH
                ? sd.math.tanh(x.add(sd.math.cube(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)))
                : sd.math.erf(x.mul(Math.sqrt(0.5)));
        return x.mul(0.5).mul(inner.add(1));
    }

    /** {@code x (1 + scale) + shift}, x {@code [N, T, D]}, scale and shift {@code [N, D]}. */
    public static SDVariable modulate(SameDiff sd, SDVariable x, SDVariable shift, SDVariable scale) {
        return x.mul(sd.expandDims(scale.add(1), 1)).add(sd.expandDims(shift, 1));
    }

    /** {@code x + gate · branch}, x and branch {@code [N, T, D]}, gate {@code [N, D]}. */
    public static SDVariable gate(SameDiff sd, SDVariable x, SDVariable branch, SDVariable gate) {
        return x.add(branch.mul(sd.expandDims(gate, 1)));
    }

    private static SDVariable longs(SameDiff sd, long... values) {
        return sd.constant(Nd4j.createFromArray(values));
    }
}
