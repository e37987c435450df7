package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Linear;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The embedding of a diffusion's time (Peebles and Xie,
 * <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2023; Dhariwal and Nichol,
 * <a href="https://arxiv.org/abs/2105.05233">2021</a>):
 *
 * <pre>y = SiLU([cos(ωst), sin(ωst)] W + b) W′ + b′,    ωᵢ = 10000^(−2i/F),  i = 0 … F/2 − 1</pre>
 *
 * Input: {@code [N, 1]}, each example's time t; output: {@code [N, D]}. s is {@link Builder#scale}. Parameters:
 * {@code time1W [F, D]}, {@code time1b}, {@code time2W [D, D]}, {@code time2b}; the weights start by a normal distribution of
 * standard deviation 0.02, the biases at 0.
 *
 * <p>{@code new TimestepEmbedding.Builder().nOut(384).build()}; defaults: F 256, s 1, for a t that counts up to 1,000 steps.
 */
public class TimestepEmbedding extends DefinedLayer {

    private static final double LONGEST_PERIOD = 10000;

    private long nOut;
    private int frequencies = 256;
    private double scale = 1;

    /** For JSON. */
    public TimestepEmbedding() {}

    private TimestepEmbedding(Builder builder) {
        super(builder);
        this.nOut = builder.nOut;
        this.frequencies = builder.frequencies;
        this.scale = builder.scale;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (!(inputType instanceof InputType.InputTypeFeedForward ff) || ff.getSize() != 1) {
            throw new IllegalArgumentException(
                    "inputType: TimestepEmbedding takes feed-forward input of size 1, received " + inputType);
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(nOut);
    }

    @Override
    public void declare(Parameters parameters) {
        first().declare(parameters, Linear::small);
        second().declare(parameters, Linear::small);
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        if (inputs[0].rank() != 2 || inputs[0].size(1) != 1) {
            throw new IllegalArgumentException("t: takes [N, 1], received shape " + Arrays.toString(inputs[0].shape()));
        }
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable angles = sd.mmul(inputs[0], sd.constant(omegas(inputs[0].dataType())));
        SDVariable waves = sd.concat(1, sd.math.cos(angles), sd.math.sin(angles));
        return second().ofRows(scope, sd.nn.swish(first().ofRows(scope, waves)));
    }

    private INDArray omegas(DataType type) {
        int half = frequencies / 2;
        double[] omegas = new double[half];
        for (int i = 0; i < half; i++) {
            omegas[i] = scale * Math.pow(LONGEST_PERIOD, -(double) i / half);
        }
        return Nd4j.createFromArray(omegas).reshape(1, half).castTo(type);
    }

    private Linear first() {
        return new Linear("time1", frequencies, nOut);
    }

    private Linear second() {
        return new Linear("time2", nOut, nOut);
    }

    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
    }

    public int getFrequencies() {
        return frequencies;
    }

    public void setFrequencies(int frequencies) {
        this.frequencies = frequencies;
    }

    public double getScale() {
        return scale;
    }

    public void setScale(double scale) {
        this.scale = scale;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimestepEmbedding that
                && super.equals(other)
                && nOut == that.nOut
                && frequencies == that.frequencies
                && scale == that.scale;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), nOut, frequencies, scale);
    }

    /** Settings of a {@link TimestepEmbedding}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int nOut;
        private int frequencies = 256;
        private double scale = 1;

        /** Size of the embedding; has no default. */
        public Builder nOut(int nOut) {
            this.nOut = Settings.positive("nOut", nOut);
            return this;
        }

        /** Sines and cosines together, an even number; default 256. */
        public Builder frequencies(int frequencies) {
            if (frequencies < 2 || frequencies % 2 != 0) {
                throw new IllegalArgumentException(
                        "frequencies: takes an even number greater than 0, received " + frequencies);
            }
            this.frequencies = frequencies;
            return this;
        }

        /** What t is multiplied by; default 1. For a t from 0 to 1, as flow matching has, take 1000. */
        public Builder scale(double scale) {
            this.scale = Settings.positive("scale", scale);
            return this;
        }

        @Override
        public TimestepEmbedding build() {
            Settings.positive("nOut", nOut);
            return new TimestepEmbedding(this);
        }
    }
}
