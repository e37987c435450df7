package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Multi-head self-attention (Vaswani et al., <a href="https://arxiv.org/abs/1706.03762">Attention Is All You Need</a>, 2017):
 *
 * <pre>[Q, K, V] = x W + b,    y = concat(softmax(Q Kᵀ / √d) V of each head) W′ + b′</pre>
 *
 * with d = D / heads. Input and output: recurrent {@code [N, D, T]} or {@code [N, T, D]}, of any length. Where a mask
 * {@code [N, T]} has no token, its key gets no attention, and 0 comes out.
 *
 * <p>Parameters: {@code qkvW [D, 3D]}, {@code qkvb}, {@code projW [D, D]}, {@code projb}; the weights start by Xavier's
 * uniform distribution, the biases at 0. {@code new AttentionBlock.Builder().build()}; default: 8 heads.
 */
public class AttentionBlock extends TokenLayer {

    private int heads = 8;

    /** For JSON. */
    public AttentionBlock() {}

    private AttentionBlock(Builder builder) {
        super(builder);
        this.heads = builder.heads;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        attention().declare(parameters);
    }

    @Override
    SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask) {
        return attention().define(scope, tokens, mask);
    }

    private SelfAttention attention() {
        return new SelfAttention(getSize(), heads);
    }

    public int getHeads() {
        return heads;
    }

    public void setHeads(int heads) {
        this.heads = heads;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof AttentionBlock that && heads == that.heads;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), heads);
    }

    /** Settings of an {@link AttentionBlock}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int heads = 8;

        /** Number of heads, a divisor of the tokens' size; default 8. */
        public Builder heads(int heads) {
            this.heads = Settings.positive("heads", heads);
            return this;
        }

        @Override
        public AttentionBlock build() {
            return new AttentionBlock(this);
        }
    }
}
