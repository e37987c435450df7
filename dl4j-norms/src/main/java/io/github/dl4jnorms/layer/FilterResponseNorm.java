package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/**
 * Filter response normalization (Singh and Krishnan, <a href="https://arxiv.org/abs/1911.09737">Filter Response Normalization
 * Layer: Eliminating Batch Dependence in the Training of Deep Neural Networks</a>, 2019) with its thresholded linear unit:
 *
 * <pre>y = max(γ · x / √(mean of x² + ε) + β, τ)</pre>
 *
 * with the mean over the spatial or time dimensions of each channel of each example; of sequences, over the time steps that
 * the mask has, and the others come out as 0. The threshold τ is learned, one per channel, from 0 on. Does the same in training
 * and evaluation, whatever the batch size, and takes no mean away: an activation that is 0 for half of its inputs would hurt,
 * which is what the threshold is for.
 *
 * <p>{@code new FilterResponseNorm.Builder().build()} instead of a norm and its ReLU; defaults: threshold on, ε 1e-6, affine.
 * Without threshold an activation may follow.
 */
public class FilterResponseNorm extends NormLayer {

    private static final String TAU = "tau";

    private boolean threshold = true;

    /** For JSON. */
    public FilterResponseNorm() {}

    private FilterResponseNorm(Builder builder) {
        super(builder);
        this.threshold = builder.threshold;
        if (threshold && getActivation() != Activation.IDENTITY) {
            throw new IllegalArgumentException("activation: FilterResponseNorm takes one instead of its threshold, with"
                    + " threshold(false), received " + getActivation());
        }
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        Layout.withPositions(getClass(), inputType);
        super.setNIn(inputType, override);
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        if (threshold) {
            parameters.bias(TAU, tau -> tau.assign(0), getSize());
        }
    }

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        if (!threshold) {
            return respond(scope, x, gamma, beta, slope);
        }
        // max(z, τ) = ReLU(z − τ) + τ, whose ReLU and shift are part of the norm's pass over memory
        SDVariable tau = scope.parameter(TAU);
        SDVariable below = beta == null ? scope.sameDiff().math.neg(tau) : beta.sub(tau);
        SDVariable above = respond(scope, x, gamma, below, 0);
        SDVariable y = above.add(Broadcast.perChannel(tau, x, isChannelsLast()));
        return Broadcast.masked(y, sequenceMask(scope, x), isChannelsLast());
    }

    private SDVariable respond(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        ChannelNormArgs args = ChannelNormArgs.of(
                        ChannelNormArgs.INSTANCE, isChannelsLast(), gamma, beta, getEpsilon(), slope)
                .uncentred();
        return SDNorms.groupNorm(scope.sameDiff(), x, sequenceMask(scope, x), gamma, beta, args);
    }

    public boolean isThreshold() {
        return threshold;
    }

    public void setThreshold(boolean threshold) {
        this.threshold = threshold;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && threshold == ((FilterResponseNorm) other).threshold;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), threshold);
    }

    /** Settings of a {@link FilterResponseNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends NormLayer.Builder<Builder> {

        private boolean threshold = true;

        /** Starts with the defaults. */
        public Builder() {
            super(1e-6);
        }

        /** Whether the thresholded linear unit {@code max(·, τ)} follows; default true. */
        public Builder threshold(boolean threshold) {
            this.threshold = threshold;
            return this;
        }

        @Override
        public FilterResponseNorm build() {
            return new FilterResponseNorm(this);
        }
    }
}
