package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.FeedForward;
import io.github.dl4jnorms.samediff.attention.Gelu;
import io.github.dl4jnorms.samediff.attention.SelfAttention;
import io.github.dl4jnorms.samediff.attention.TokenOps;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A diffusion transformer's block with adaLN-Zero, a vertex with the inputs x and condition c (Peebles and Xie,
 * <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2023):
 *
 * <pre>
 * [shift₁, scale₁, gate₁, shift₂, scale₂, gate₂] = SiLU(c) W + b
 * x = x + gate₁ · Attention(Norm₁(x) · (1 + scale₁) + shift₁)
 * x = x + gate₂ · MLP(Norm₂(x) · (1 + scale₂) + shift₂)</pre>
 *
 * with norms without γ and β, multi-head self-attention as in
 * {@link io.github.dl4jnorms.samediff.attention.AttentionBlock}, and an MLP of two linear maps with GELU between. W and b
 * start at 0, so that the block starts as the identity: y is x, bit for bit.
 *
 * <p>x and y: recurrent {@code [N, D, T]} or {@code [N, T, D]}, of any length; c: {@code [N, K]}. Where x's mask {@code [N, T]}
 * has no token, its key gets no attention, and 0 comes out.
 *
 * <p>Parameters: {@code modulationW [K, 6D]}, {@code modulationb}; {@code qkvW [D, 3D]}, {@code qkvb}, {@code projW [D, D]},
 * {@code projb}; {@code mlp1W [D, 4D]}, {@code mlp1b}, {@code mlp2W [4D, D]}, {@code mlp2b}. The weights but the first start
 * by Xavier's uniform distribution, the biases at 0.
 *
 * <p>{@code new DiTBlock.Builder().heads(6).build()}; defaults, as DiT's: SiLU, LayerNorm, ε 1e-6, an MLP four times as wide as
 * the tokens, GELU in its tanh approximation; 8 heads. Other {@link Conditioning}s make the blocks that the paper compares it
 * with.
 */
public class DiTBlock extends ModulatedVertex {

    private static final int VECTORS = 6;

    private int heads = 8;
    private int mlpRatio = 4;
    private Gelu gelu = Gelu.TANH;

    /** For JSON. */
    public DiTBlock() {}

    private DiTBlock(Builder builder) {
        super(builder);
        this.heads = builder.heads;
        this.mlpRatio = builder.mlpRatio;
        this.gelu = builder.gelu;
    }

    @Override
    int vectors() {
        return VECTORS;
    }

    @Override
    long outputSize() {
        return getSize();
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        tokenNorm("norm1").declare(parameters);
        attention().declare(parameters);
        tokenNorm("norm2").declare(parameters);
        mlp().declare(parameters);
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        tokenNorm("norm1").check(training, inputs[0]);
    }

    @Override
    SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask, SDVariable[] modulation) {
        SDVariable[] m = modulation == null ? new SDVariable[VECTORS] : modulation;
        SDVariable h = normalize(scope, "norm1", tokens, m[0], m[1]);
        SDVariable x = add(scope.sameDiff(), tokens, attention().define(scope, h, mask), m[2]);
        h = normalize(scope, "norm2", x, m[3], m[4]);
        return add(scope.sameDiff(), x, mlp().define(scope, h), m[5]);
    }

    private static SDVariable add(SameDiff sd, SDVariable x, SDVariable branch, SDVariable gate) {
        return gate == null ? x.add(branch) : TokenOps.addGated(sd, x, branch, gate);
    }

    private SelfAttention attention() {
        return new SelfAttention(getSize(), heads);
    }

    private FeedForward mlp() {
        return new FeedForward(getSize(), mlpRatio * getSize(), gelu);
    }

    public int getHeads() {
        return heads;
    }

    public void setHeads(int heads) {
        this.heads = heads;
    }

    public int getMlpRatio() {
        return mlpRatio;
    }

    public void setMlpRatio(int mlpRatio) {
        this.mlpRatio = mlpRatio;
    }

    public Gelu getGelu() {
        return gelu;
    }

    public void setGelu(Gelu gelu) {
        this.gelu = gelu;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DiTBlock that
                && super.equals(other)
                && heads == that.heads
                && mlpRatio == that.mlpRatio
                && gelu == that.gelu;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), heads, mlpRatio, gelu);
    }

    /** Settings of a {@link DiTBlock}. */
    public static class Builder extends ModulatedVertex.Builder<Builder> {

        private int heads = 8;
        private int mlpRatio = 4;
        private Gelu gelu = Gelu.TANH;

        /** Number of heads, a divisor of the tokens' size; default 8. */
        public Builder heads(int heads) {
            this.heads = Settings.positive("heads", heads);
            return this;
        }

        /** How many times as wide as the tokens the MLP is; default 4. */
        public Builder mlpRatio(int ratio) {
            this.mlpRatio = Settings.positive("mlpRatio", ratio);
            return this;
        }

        /** Which GELU; default the tanh approximation, DiT's. */
        public Builder gelu(Gelu gelu) {
            this.gelu = Objects.requireNonNull(gelu, "gelu");
            return this;
        }

        public DiTBlock build() {
            return new DiTBlock(this);
        }
    }
}
