package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Multi-head self-attention as a part of a definition (Vaswani et al.,
 * <a href="https://arxiv.org/abs/1706.03762">Attention Is All You Need</a>, 2017): queries, keys and values by one linear
 * map {@code qkv}, attention, and a linear map {@code proj}.
 */
public record SelfAttention(long size, int heads) {

    public void declare(Parameters parameters) {
        if (size % heads != 0) {
            throw new IllegalArgumentException(
                    "heads: takes a divisor of the tokens' size " + size + ", received " + heads);
        }
        qkv().declare(parameters);
        proj().declare(parameters);
    }

    /**
     * @param x {@code [N, T, D]}
     * @param mask null, or {@code [N, T]}: keys where it is 0 get no attention
     */
    public SDVariable define(Scope scope, SDVariable x, SDVariable mask) {
        SDVariable qkv = qkv().ofTokens(scope, x);
        return proj().ofTokens(scope, TokenOps.attention(scope.sameDiff(), qkv, mask, heads, size));
    }

    private Linear qkv() {
        return new Linear("qkv", size, 3 * size);
    }

    private Linear proj() {
        return new Linear("proj", size, size);
    }
}
