package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Linear;
import io.github.dl4jnorms.samediff.attention.Sequence;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Cuts an image into patches, each of which becomes a token by a linear map, and adds fixed 2-D sin-cos positions (Dosovitskiy
 * et al., <a href="https://arxiv.org/abs/2010.11929">An Image is Worth 16x16 Words</a>, 2021; the positions as in DiT):
 *
 * <pre>y = patch · W + b + position,    position = [sin(ωx), cos(ωx), sin(ωy), cos(ωy)],    ω = 10000^(−4i/D)</pre>
 *
 * Input: convolutional {@code [N, C, H, W]} or {@code [N, H, W, C]}, H and W multiples of the patch's side p. Output:
 * T = H/p · W/p tokens, row by row, {@code [N, T, D]} or {@code [N, D, T]}. Parameters: {@code patchW [C · p · p, D]}, a
 * patch's numbers channel by channel, and {@code patchb}; they start by Xavier's uniform distribution and at 0.
 *
 * <p>{@code new PatchEmbed.Builder().nOut(384).build()}; defaults: patches of 2×2 pixels, positions, output
 * {@code [N, T, D]}.
 */
public class PatchEmbed extends DefinedLayer {

    private long nOut;
    private int patch = 2;
    private boolean positions = true;
    private RNNFormat format = RNNFormat.NWC;
    private long channels;
    private long height;
    private long width;
    private boolean channelsLast;

    /** For JSON. */
    public PatchEmbed() {}

    private PatchEmbed(Builder builder) {
        super(builder);
        this.nOut = builder.nOut;
        this.patch = builder.patch;
        this.positions = builder.positions;
        this.format = builder.format;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (channels > 0 && !override) {
            return;
        }
        if (!(inputType instanceof InputType.InputTypeConvolutional cnn)) {
            throw new IllegalArgumentException(
                    "inputType: PatchEmbed takes convolutional input, received " + inputType);
        }
        if (cnn.getHeight() % patch != 0 || cnn.getWidth() % patch != 0) {
            throw new IllegalArgumentException("patch: takes a divisor of the image's height and width, "
                    + cnn.getHeight() + " and " + cnn.getWidth() + ", received " + patch);
        }
        this.channels = cnn.getChannels();
        this.height = cnn.getHeight();
        this.width = cnn.getWidth();
        this.channelsLast = cnn.getFormat() == CNN2DFormat.NHWC;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional cnn = (InputType.InputTypeConvolutional) inputType;
        return InputType.recurrent(nOut, cnn.getHeight() / patch * (cnn.getWidth() / patch), format);
    }

    @Override
    public void declare(Parameters parameters) {
        if (channels < 1) {
            throw new IllegalArgumentException(
                    "channels: PatchEmbed takes the image's size from the network's input type; set it with setInputType(s)");
        }
        linear().declare(parameters);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable image = channelsLast ? sd.permute(inputs[0], 0, 3, 1, 2) : inputs[0];
        long down = height / patch;
        long across = width / patch;
        SDVariable cut = sd.reshape(image, -1, channels, down, patch, across, patch);
        SDVariable patches = sd.reshape(sd.permute(cut, 0, 2, 4, 1, 3, 5), -1, down * across, channels * patch * patch);
        SDVariable tokens = linear().ofTokens(scope, patches);
        if (positions) {
            tokens = tokens.add(sd.constant(positions(tokens.dataType(), nOut, down, across)));
        }
        return new Sequence(nOut, format == RNNFormat.NWC).restore(sd, tokens, null);
    }

    /** {@code [1, T, D]}. */
    static INDArray positions(DataType type, long size, long down, long across) {
        int quarter = Math.toIntExact(size / 4);
        INDArray all = Nd4j.zeros(DataType.DOUBLE, 1, down * across, size);
        for (int t = 0; t < down * across; t++) {
            for (int i = 0; i < quarter; i++) {
                double omega = Math.pow(10000, -(double) i / quarter);
                double x = t % across * omega;
                double y = t / across * omega;
                all.putScalar(0, t, i, Math.sin(x));
                all.putScalar(0, t, quarter + i, Math.cos(x));
                all.putScalar(0, t, 2 * quarter + i, Math.sin(y));
                all.putScalar(0, t, 3 * quarter + i, Math.cos(y));
            }
        }
        return all.castTo(type);
    }

    private Linear linear() {
        return new Linear("patch", channels * patch * patch, nOut);
    }

    /** Numbers of each token. */
    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
    }

    public int getPatch() {
        return patch;
    }

    public void setPatch(int patch) {
        this.patch = patch;
    }

    public boolean isPositions() {
        return positions;
    }

    public void setPositions(boolean positions) {
        this.positions = positions;
    }

    public RNNFormat getFormat() {
        return format;
    }

    public void setFormat(RNNFormat format) {
        this.format = format;
    }

    public long getChannels() {
        return channels;
    }

    public void setChannels(long channels) {
        this.channels = channels;
    }

    public long getHeight() {
        return height;
    }

    public void setHeight(long height) {
        this.height = height;
    }

    public long getWidth() {
        return width;
    }

    public void setWidth(long width) {
        this.width = width;
    }

    /** Whether the image's channels are its last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PatchEmbed that
                && super.equals(other)
                && nOut == that.nOut
                && patch == that.patch
                && positions == that.positions
                && format == that.format
                && channels == that.channels
                && height == that.height
                && width == that.width
                && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), nOut, patch, positions, format, channels, height, width, channelsLast);
    }

    /** Settings of a {@link PatchEmbed}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int nOut;
        private int patch = 2;
        private boolean positions = true;
        private RNNFormat format = RNNFormat.NWC;

        /** Numbers of each token, a multiple of 4 where there are positions; has no default. */
        public Builder nOut(int nOut) {
            this.nOut = Settings.positive("nOut", nOut);
            return this;
        }

        /** Height and width of a patch in pixels; default 2. */
        public Builder patch(int patch) {
            this.patch = Settings.positive("patch", patch);
            return this;
        }

        /** Whether the position of its patch is added to each token; default true. */
        public Builder positions(boolean positions) {
            this.positions = positions;
            return this;
        }

        /** How the tokens come out; default NWC, {@code [N, T, D]}. */
        public Builder format(RNNFormat format) {
            this.format = Objects.requireNonNull(format, "format");
            return this;
        }

        @Override
        public PatchEmbed build() {
            Settings.positive("nOut", nOut);
            if (positions && nOut % 4 != 0) {
                throw new IllegalArgumentException(
                        "nOut: takes a multiple of 4, for two sines and two cosines, received " + nOut);
            }
            return new PatchEmbed(this);
        }
    }
}
