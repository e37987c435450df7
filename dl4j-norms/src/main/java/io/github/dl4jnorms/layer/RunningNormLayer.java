package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What BatchNorm and its kin have in common: running statistics, which take the batch's place in evaluation. */
public abstract class RunningNormLayer extends NormLayer {

    private double decay = 0.9;
    private boolean cumulative;
    private boolean unbiased = true;

    protected RunningNormLayer() {}

    protected RunningNormLayer(Builder<?> builder) {
        super(builder);
        this.decay = builder.decay;
        this.cumulative = builder.cumulative;
        this.unbiased = builder.unbiased;
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

    BatchNormGraph graph() {
        return new BatchNormGraph(getSize(), decay, cumulative, unbiased, false);
    }

    /** The attributes for these γ and β, which may be null. */
    ChannelNormArgs args(SDVariable gamma, SDVariable beta, double slope) {
        return ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, isChannelsLast(), gamma, beta, getEpsilon(), slope);
    }

    public double getDecay() {
        return decay;
    }

    public void setDecay(double decay) {
        this.decay = decay;
    }

    public boolean isCumulative() {
        return cumulative;
    }

    public void setCumulative(boolean cumulative) {
        this.cumulative = cumulative;
    }

    public boolean isUnbiased() {
        return unbiased;
    }

    public void setUnbiased(boolean unbiased) {
        this.unbiased = unbiased;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunningNormLayer that
                && super.equals(other)
                && decay == that.decay
                && cumulative == that.cumulative
                && unbiased == that.unbiased;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), decay, cumulative, unbiased);
    }

    /** Settings of a norm with running statistics. */
    public abstract static class Builder<T extends Builder<T>> extends NormLayer.Builder<T> {

        private double decay = 0.9;
        private boolean cumulative;
        private boolean unbiased = true;

        Builder() {
            super(1e-5);
        }

        /** Weight of the old value when the running statistics are renewed, from 0 to 1; default 0.9. */
        public T decay(double decay) {
            this.decay = requireDecay(decay);
            return self();
        }

        /**
         * Whether the running statistics are the average over all batches so far, PyTorch's {@code momentum=None}, instead of
         * following by {@link #decay}; default false.
         */
        public T cumulative(boolean cumulative) {
            this.cumulative = cumulative;
            return self();
        }

        /**
         * Whether the running variance follows the unbiased batch variance, as PyTorch's does, or the biased one, as DL4J's
         * and ONNX's do; default true. Training always normalizes by the biased one.
         */
        public T unbiased(boolean unbiased) {
            this.unbiased = unbiased;
            return self();
        }
    }

    static double requireDecay(double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException("decay: takes a number from 0 to 1, received " + decay);
        }
        return decay;
    }
}
