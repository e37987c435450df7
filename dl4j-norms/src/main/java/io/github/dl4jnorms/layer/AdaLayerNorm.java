package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/**
 * Adaptive layer normalization, a vertex with the inputs x and condition (Perez et al.,
 * <a href="https://arxiv.org/abs/1709.07871">FiLM</a>, 2018; Peebles and Xie, <a href="https://arxiv.org/abs/2212.09748">Scalable
 * Diffusion Models with Transformers</a>, 2023):
 *
 * <pre>y = LayerNorm(x) · (1 + scale) + shift,    [shift, scale] = SiLU(condition) · W + b</pre>
 *
 * with LayerNorm over the channels of each example, time step or pixel and without γ and β. W {@code [K, 2C]} and b start at 0,
 * so that it starts as the plain LayerNorm.
 *
 * <p>With {@link AdaGate} it makes the adaLN-Zero block of a diffusion transformer, which starts as the identity:
 *
 * <pre>
 * graph.addVertex("norm1", new AdaLayerNorm.Builder().build(), "x", "c")
 *      .addLayer("attention", …, "norm1")
 *      .addVertex("x1", new AdaGate.Builder().build(), "x", "attention", "c")
 *      .addVertex("norm2", new AdaLayerNorm.Builder().build(), "x1", "c")
 *      .addLayer("mlp", …, "norm2")
 *      .addVertex("x2", new AdaGate.Builder().build(), "x1", "mlp", "c")</pre>
 *
 * <p>Defaults, as DiT's: ε 1e-6, SiLU before the projection, which starts at 0; LayerNorm, not RMSNorm.
 */
public class AdaLayerNorm extends ConditionalVertex {

    private double epsilon = 1e-6;
    private boolean rms;

    /** For JSON. */
    public AdaLayerNorm() {}

    private AdaLayerNorm(Builder builder) {
        super(builder);
        this.epsilon = builder.epsilon;
        this.rms = builder.rms;
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
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SDVariable x = inputs[0];
        SDVariable[] shiftAndScale = project(scope, x, inputs[1]);
        RowNormArgs args =
                rms ? RowNormArgs.rmsNorm(-1, null, epsilon, 1) : RowNormArgs.layerNorm(-1, null, null, epsilon, 1);
        SDVariable normalized =
                SDNorms.rowNorm(scope.sameDiff(), x, null, null, isChannelsLast() ? args : args.overChannels());
        return normalized.mul(shiftAndScale[1].add(1)).add(shiftAndScale[0]);
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    public boolean isRms() {
        return rms;
    }

    public void setRms(boolean rms) {
        this.rms = rms;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdaLayerNorm that && super.equals(other) && epsilon == that.epsilon && rms == that.rms;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), epsilon, rms);
    }

    /** Settings of an {@link AdaLayerNorm}. */
    public static class Builder extends ConditionalVertex.Builder<Builder> {

        private double epsilon = 1e-6;
        private boolean rms;

        /** Starts with the defaults. */
        public Builder() {
            super(Activation.SWISH);
        }

        /** What is added to the variance, greater than 0; default 1e-6. */
        public Builder epsilon(double epsilon) {
            this.epsilon = NormLayer.requireEpsilon(epsilon);
            return this;
        }

        /** Whether the norm is {@link RMSNorm}, which takes no mean away; default false: {@link LayerNorm}. */
        public Builder rms(boolean rms) {
            this.rms = rms;
            return this;
        }

        public AdaLayerNorm build() {
            return new AdaLayerNorm(this);
        }
    }
}
