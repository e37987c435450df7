package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Dynamic tanh, DyT (Zhu, Chen, He, LeCun and Liu, <a href="https://arxiv.org/abs/2503.10622">Transformers without
 * Normalization</a>, 2025):
 *
 * <pre>y = γ · tanh(α · x) + β</pre>
 *
 * element by element, with one learned α for the layer, and γ and β per channel, from 1 and 0 on. Takes a
 * {@link LayerNorm}'s place in a transformer; there are no statistics.
 *
 * <p>{@code new DynamicTanh.Builder().build()}; default: α starts at 0.5. For large language models the paper starts it higher
 * in front of attention than elsewhere.
 */
public class DynamicTanh extends ChannelLayer {

    private static final String ALPHA = "alpha";

    private double alphaInit = 0.5;

    /** For JSON. */
    public DynamicTanh() {}

    private DynamicTanh(Builder builder) {
        super(builder);
        this.alphaInit = builder.alphaInit;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        parameters
                .bias(ALPHA, alpha -> alpha.assign(alphaInit), 1)
                .bias(NormLayer.GAMMA, gamma -> gamma.assign(1), getSize())
                .bias(NormLayer.BETA, beta -> beta.assign(0), getSize());
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SDVariable x = inputs[0];
        SDVariable squashed = scope.sameDiff().math.tanh(x.mul(scope.parameter(ALPHA)));
        return squashed.mul(Broadcast.perChannel(scope.parameter(NormLayer.GAMMA), x, isChannelsLast()))
                .add(Broadcast.perChannel(scope.parameter(NormLayer.BETA), x, isChannelsLast()));
    }

    /** What α starts at. */
    public double getAlphaInit() {
        return alphaInit;
    }

    public void setAlphaInit(double alphaInit) {
        this.alphaInit = alphaInit;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && alphaInit == ((DynamicTanh) other).alphaInit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), alphaInit);
    }

    /** Settings of a {@link DynamicTanh}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private double alphaInit = 0.5;

        /** Starts with the defaults. */
        public Builder() {}

        /** What α starts at, greater than 0; default 0.5. */
        public Builder alphaInit(double alphaInit) {
            if (!(alphaInit > 0)) {
                throw new IllegalArgumentException("alphaInit: takes a number greater than 0, received " + alphaInit);
            }
            this.alphaInit = alphaInit;
            return this;
        }

        @Override
        public DynamicTanh build() {
            return new DynamicTanh(this);
        }
    }
}
