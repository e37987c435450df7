package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Scale normalization (Nguyen and Salazar, <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears: Improving
 * the Normalization of Self-Attention</a>, 2019):
 *
 * <pre>y = g · x / √(‖x‖² + ε)</pre>
 *
 * with the Euclidean length over the features of each example, the channels of each time step of a sequence or of each pixel,
 * and one learned g for the layer, from √C on: {@link RMSNorm} with one γ for all channels.
 *
 * <p>{@code new ScaleNorm.Builder().build()}; defaults: g starts at √C and is learned, ε 1e-10.
 * {@code new ScaleNorm.Builder().scale(1).learned(false).build()} only brings every vector to length 1, L2 normalization.
 */
public class ScaleNorm extends ChannelLayer {

    private static final String SCALE = "g";

    private Double scale;
    private boolean learned = true;
    private double epsilon = 1e-10;

    /** For JSON. */
    public ScaleNorm() {}

    private ScaleNorm(Builder builder) {
        super(builder);
        this.scale = builder.scale;
        this.learned = builder.learned;
        this.epsilon = builder.epsilon;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        if (learned) {
            parameters.bias(SCALE, g -> g.assign(start()), 1);
        }
    }

    private double start() {
        return scale == null ? Math.sqrt(getSize()) : scale;
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable x = inputs[0];
        DataType type = x.dataType();
        // RMSNorm's √(mean of x² + ε / C) is √(‖x‖² + ε) / √C
        SDVariable perChannel = sd.constant(
                Nd4j.valueArrayOf(new long[] {getSize()}, (learned ? 1 : start()) / Math.sqrt(getSize()), type));
        SDVariable gamma = learned ? perChannel.mul(scope.parameter(SCALE)) : perChannel;
        RowNormArgs args = RowNormArgs.rmsNorm(-1, gamma, epsilon / getSize(), 1);
        return SDNorms.rowNorm(sd, x, gamma, null, isChannelsLast() ? args : args.overChannels());
    }

    /** What g starts at, or is where it is not learned; null for √C. */
    public Double getScale() {
        return scale;
    }

    public void setScale(Double scale) {
        this.scale = scale;
    }

    public boolean isLearned() {
        return learned;
    }

    public void setLearned(boolean learned) {
        this.learned = learned;
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScaleNorm that
                && super.equals(other)
                && Objects.equals(scale, that.scale)
                && learned == that.learned
                && epsilon == that.epsilon;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), scale, learned, epsilon);
    }

    /** Settings of a {@link ScaleNorm}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private Double scale;
        private boolean learned = true;
        private double epsilon = 1e-10;

        /** Starts with the defaults. */
        public Builder() {}

        /** What g starts at, greater than 0; default √C, C the number of channels. */
        public Builder scale(double scale) {
            if (!(scale > 0)) {
                throw new IllegalArgumentException("scale: takes a number greater than 0, received " + scale);
            }
            this.scale = scale;
            return this;
        }

        /** Whether g is a parameter; default true. */
        public Builder learned(boolean learned) {
            this.learned = learned;
            return this;
        }

        /** What is added to the squared length, greater than 0; default 1e-10. */
        public Builder epsilon(double epsilon) {
            this.epsilon = NormLayer.requireEpsilon(epsilon);
            return this;
        }

        @Override
        public ScaleNorm build() {
            return new ScaleNorm(this);
        }
    }
}
