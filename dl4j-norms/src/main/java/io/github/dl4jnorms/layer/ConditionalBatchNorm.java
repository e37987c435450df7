package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Conditional batch normalization, a vertex with the inputs x and condition (de Vries et al.,
 * <a href="https://arxiv.org/abs/1707.00683">Modulating early visual processing by language</a>, 2017):
 *
 * <pre>y = (1 + Δγ) · (x − mean) / √(variance + ε) + Δβ,    [Δβ, Δγ] = condition · W + b</pre>
 *
 * with {@link BatchNorm}'s statistics, running statistics, evaluation and masks, and a γ and a β of each example's own. The
 * condition may be a one-hot class, as in class-conditional image generation: then W {@code [K, 2C]} has a row per class. W and
 * b start at 0, so that it starts as BatchNorm.
 *
 * <p>{@code new ConditionalBatchNorm.Builder().build()}; defaults: projection from 0 on, nothing applied to the condition,
 * decay 0.9, unbiased running variance, ε 1e-5, no activation.
 */
public class ConditionalBatchNorm extends ConditionalVertex {

    private double decay = 0.9;
    private boolean unbiased = true;
    private double epsilon = 1e-5;
    private Activation activation = Activation.IDENTITY;

    /** For JSON. */
    public ConditionalBatchNorm() {}

    private ConditionalBatchNorm(Builder builder) {
        super(builder);
        this.decay = builder.decay;
        this.unbiased = builder.unbiased;
        this.epsilon = builder.epsilon;
        this.activation = builder.activation;
    }

    @Override
    String[] inputNames() {
        return new String[] {"x", "condition"};
    }

    @Override
    int numbersPerChannel() {
        return 2;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        graph().declare(parameters);
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        graph().check(training, inputs[0]);
    }

    private BatchNormGraph graph() {
        return new BatchNormGraph(getSize(), decay, false, unbiased, false);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SDVariable x = inputs[0];
        SDVariable mask = ChannelLayer.sequenceMask(scope, x);
        ChannelNormArgs args =
                ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, isChannelsLast(), null, null, epsilon, 1);
        SDVariable normalized = graph().normalize(scope, x, mask, null, null, null, args);
        SDVariable[] shiftAndScale = project(scope, x, inputs[1]);
        SDVariable y = normalized.mul(shiftAndScale[1].add(1)).add(shiftAndScale[0]);
        SDVariable active = Activations.apply(scope.sameDiff(), activation, y);
        return Broadcast.masked(active, mask, isChannelsLast());
    }

    public double getDecay() {
        return decay;
    }

    public void setDecay(double decay) {
        this.decay = decay;
    }

    public boolean isUnbiased() {
        return unbiased;
    }

    public void setUnbiased(boolean unbiased) {
        this.unbiased = unbiased;
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    public Activation getActivation() {
        return activation;
    }

    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConditionalBatchNorm that
                && super.equals(other)
                && decay == that.decay
                && unbiased == that.unbiased
                && epsilon == that.epsilon
                && activation == that.activation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), decay, unbiased, epsilon, activation);
    }

    /** Settings of a {@link ConditionalBatchNorm}. */
    public static class Builder extends ConditionalVertex.Builder<Builder> {

        private double decay = 0.9;
        private boolean unbiased = true;
        private double epsilon = 1e-5;
        private Activation activation = Activation.IDENTITY;

        /** Starts with the defaults. */
        public Builder() {
            super(Activation.IDENTITY);
        }

        /** Weight of the old value when the running statistics are renewed, from 0 to 1; default 0.9. */
        public Builder decay(double decay) {
            this.decay = RunningNormLayer.requireDecay(decay);
            return this;
        }

        /** Whether the running variance follows the unbiased batch variance, or the biased one; default true. */
        public Builder unbiased(boolean unbiased) {
            this.unbiased = unbiased;
            return this;
        }

        /** What is added to the variance, greater than 0; default 1e-5. */
        public Builder epsilon(double epsilon) {
            this.epsilon = NormLayer.requireEpsilon(epsilon);
            return this;
        }

        /** What is applied to the result; default identity. */
        public Builder activation(Activation activation) {
            this.activation = Activations.require(activation);
            return this;
        }

        public ConditionalBatchNorm build() {
            return new ConditionalBatchNorm(this);
        }
    }
}
