package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A transformer's multi-layer perceptron as a part of a definition: {@code y = GELU(x W + b) W′ + b′} for each token, with the
 * linear maps {@code mlp1} and {@code mlp2}.
 *
 * @param size numbers of each token
 * @param hidden numbers between the two maps
 */
public record FeedForward(long size, long hidden, Gelu gelu) {

    public void declare(Parameters parameters) {
        mlp1().declare(parameters);
        mlp2().declare(parameters);
    }

    /** Of tokens {@code [N, T, D]}. */
    public SDVariable define(Scope scope, SDVariable x) {
        return mlp2().ofTokens(scope, TokenOps.gelu(scope.sameDiff(), mlp1().ofTokens(scope, x), gelu));
    }

    private Linear mlp1() {
        return new Linear("mlp1", size, hidden);
    }

    private Linear mlp2() {
        return new Linear("mlp2", hidden, size);
    }
}
