package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The pre-norm transformer block (Xiong et al.,
 * <a href="https://arxiv.org/abs/2002.04745">On Layer Normalization in the Transformer Architecture</a>, 2020):
 *
 * <pre>
 * x = x + Attention(Norm₁(x))
 * x = x + MLP(Norm₂(x)),    MLP(h) = GELU(h W + b) W′ + b′</pre>
 *
 * Input and output: recurrent {@code [N, D, T]} or {@code [N, T, D]}, of any length. Where a mask {@code [N, T]} has no token,
 * its key gets no attention, and 0 comes out.
 *
 * <p>{@code new TransformerBlock.Builder().heads(6).build()}; defaults: 8 heads, LayerNorm with γ and β, ε 1e-5, an MLP four
 * times as wide as the tokens, GELU in its tanh approximation. For RMSNorm: {@code norm("rms")}.
 */
public class TransformerBlock extends TokenLayer {

    private int heads = 8;
    private int mlpRatio = 4;
    private String norm = "ln";
    private double epsilon = 1e-5;
    private Gelu gelu = Gelu.TANH;

    /** For JSON. */
    public TransformerBlock() {}

    private TransformerBlock(Builder builder) {
        super(builder);
        this.heads = builder.heads;
        this.mlpRatio = builder.mlpRatio;
        this.norm = builder.norm.toString();
        this.epsilon = builder.epsilon;
        this.gelu = builder.gelu;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        norm("norm1").declare(parameters);
        attention().declare(parameters);
        norm("norm2").declare(parameters);
        mlp().declare(parameters);
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        norm("norm1").check(training, inputs[0]);
    }

    @Override
    SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask) {
        SDVariable x = tokens.add(attention().define(scope, norm("norm1").define(scope, tokens), mask));
        return x.add(mlp().define(scope, norm("norm2").define(scope, x)));
    }

    private TokenNorm norm(String name) {
        return new TokenNorm(name, NormSpec.parse(norm), getSize(), true, epsilon);
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

    public String getNorm() {
        return norm;
    }

    public void setNorm(String norm) {
        this.norm = norm;
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    public Gelu getGelu() {
        return gelu;
    }

    public void setGelu(Gelu gelu) {
        this.gelu = gelu;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof TransformerBlock that
                && heads == that.heads
                && mlpRatio == that.mlpRatio
                && norm.equals(that.norm)
                && epsilon == that.epsilon
                && gelu == that.gelu;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), heads, mlpRatio, norm, epsilon, gelu);
    }

    /** Settings of a {@link TransformerBlock}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int heads = 8;
        private int mlpRatio = 4;
        private NormSpec norm = NormSpec.parse("ln");
        private double epsilon = 1e-5;
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

        /** The norm, by a name that {@link NormSpec} knows; default {@code ln}. */
        public Builder norm(String norm) {
            this.norm = NormSpec.parse(norm);
            return this;
        }

        /** What is added to the variance, greater than 0; default 1e-5. */
        public Builder epsilon(double epsilon) {
            this.epsilon = Settings.positive("epsilon", epsilon);
            return this;
        }

        /** Which GELU; default the tanh approximation. */
        public Builder gelu(Gelu gelu) {
            this.gelu = Objects.requireNonNull(gelu, "gelu");
            return this;
        }

        @Override
        public TransformerBlock build() {
            return new TransformerBlock(this);
        }
    }
}
