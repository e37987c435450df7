package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Linear;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of a diffusion transformer, a vertex with the inputs x and condition c (Peebles and Xie,
 * <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2023):
 *
 * <pre>[shift, scale] = SiLU(c) W + b,    y = (Norm(x) · (1 + scale) + shift) W′ + b′</pre>
 *
 * W, b, W′ and b′ start at 0, so that the network starts by predicting 0.
 *
 * <p>x: recurrent {@code [N, D, T]} or {@code [N, T, D]}; c: {@code [N, K]}; y: the same layout, of tokens of {@code nOut}
 * numbers, which {@link Unpatchify} makes an image of. Parameters: {@code modulationW [K, 2D]}, {@code modulationb},
 * {@code linearW [D, nOut]}, {@code linearb}. Other settings as {@link DiTBlock}'s.
 */
public class FinalLayer extends ModulatedVertex {

    private long nOut;
    private boolean zeroOutput = true;

    /** For JSON. */
    public FinalLayer() {}

    private FinalLayer(Builder builder) {
        super(builder);
        this.nOut = builder.nOut;
        this.zeroOutput = builder.zeroOutput;
    }

    @Override
    int vectors() {
        return 2;
    }

    @Override
    long outputSize() {
        return nOut;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        tokenNorm("norm").declare(parameters);
        if (zeroOutput) {
            linear().declare(parameters, Linear::zero);
        } else {
            linear().declare(parameters);
        }
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        tokenNorm("norm").check(training, inputs[0]);
    }

    @Override
    SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask, SDVariable[] modulation) {
        SDVariable shift = modulation == null ? null : modulation[0];
        SDVariable scale = modulation == null ? null : modulation[1];
        return linear().ofTokens(scope, normalize(scope, "norm", tokens, shift, scale));
    }

    private Linear linear() {
        return new Linear("linear", getSize(), nOut);
    }

    /** Numbers of each token that comes out. */
    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
    }

    public boolean isZeroOutput() {
        return zeroOutput;
    }

    public void setZeroOutput(boolean zeroOutput) {
        this.zeroOutput = zeroOutput;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FinalLayer that
                && super.equals(other)
                && nOut == that.nOut
                && zeroOutput == that.zeroOutput;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), nOut, zeroOutput);
    }

    /** Settings of a {@link FinalLayer}. */
    public static class Builder extends ModulatedVertex.Builder<Builder> {

        private int nOut;
        private boolean zeroOutput = true;

        /** Numbers of each token that comes out: patch · patch · channels; has no default. */
        public Builder nOut(int nOut) {
            this.nOut = Settings.positive("nOut", nOut);
            return this;
        }

        /**
         * Whether W′ starts at 0, as DiT's does, which lets no gradient reach the blocks in the first step; default true. If not,
         * by Xavier's uniform distribution.
         */
        public Builder zeroOutput(boolean zeroOutput) {
            this.zeroOutput = zeroOutput;
            return this;
        }

        public FinalLayer build() {
            Settings.positive("nOut", nOut);
            return new FinalLayer(this);
        }
    }
}
