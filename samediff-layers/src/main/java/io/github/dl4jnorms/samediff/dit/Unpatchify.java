package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Sequence;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Puts patches together to an image: the way back from {@link PatchEmbed}, without parameters.
 *
 * <p>Input: recurrent {@code [N, T, p · p · C]} or {@code [N, p · p · C, T]}, a token per patch, row by row, its numbers pixel
 * by pixel, as DiT's; tokens after the first H/p · W/p, such as a condition's, are left away. Output: convolutional
 * {@code [N, C, H, W]}.
 *
 * <p>{@code new Unpatchify.Builder().height(16).width(16).build()}; default: patches of 2×2 pixels.
 */
public class Unpatchify extends DefinedLayer {

    /** The bits of the dimensions whose slice has no end. */
    private static final int ALL_BUT_TIME = 0b101;

    private int height;
    private int width;
    private int patch = 2;
    private long size;
    private boolean channelsLast;

    /** For JSON. */
    public Unpatchify() {}

    private Unpatchify(Builder builder) {
        super(builder);
        this.height = builder.height;
        this.width = builder.width;
        this.patch = builder.patch;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (size > 0 && !override) {
            return;
        }
        Sequence sequence = Sequence.of(getClass(), inputType);
        if (sequence.size() % ((long) patch * patch) != 0) {
            throw new IllegalArgumentException("inputType: Unpatchify with patches of " + patch + "×" + patch
                    + " pixels takes tokens of a multiple of " + patch * patch + ", received " + inputType);
        }
        this.size = sequence.size();
        this.channelsLast = sequence.channelsLast();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        long numbers = ((InputType.InputTypeRecurrent) inputType).getSize();
        return InputType.convolutional(height, width, numbers / ((long) patch * patch));
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        long down = height / patch;
        long across = width / patch;
        long channels = size / ((long) patch * patch);
        SDVariable tokens = new Sequence(size, channelsLast).tokens(sd, inputs[0]);
        long[] ones = {1, 1, 1};
        // dimensions 0 and 2 whole, of whatever length
        SDVariable kept =
                sd.stridedSlice(tokens, new long[3], new long[] {1, down * across, 1}, ones, 0, ALL_BUT_TIME, 0, 0, 0);
        SDVariable cut = sd.reshape(kept, -1, down, across, patch, patch, channels);
        return sd.reshape(sd.permute(cut, 0, 5, 1, 3, 2, 4), -1, channels, height, width);
    }

    public int getHeight() {
        return height;
    }

    public void setHeight(int height) {
        this.height = height;
    }

    public int getWidth() {
        return width;
    }

    public void setWidth(int width) {
        this.width = width;
    }

    public int getPatch() {
        return patch;
    }

    public void setPatch(int patch) {
        this.patch = patch;
    }

    /** Numbers of each token. */
    public long getSize() {
        return size;
    }

    public void setSize(long size) {
        this.size = size;
    }

    /** Whether a token's numbers are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unpatchify that
                && super.equals(other)
                && height == that.height
                && width == that.width
                && patch == that.patch
                && size == that.size
                && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), height, width, patch, size, channelsLast);
    }

    /** Settings of an {@link Unpatchify}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int height;
        private int width;
        private int patch = 2;

        /** Height of the image in pixels; has no default. */
        public Builder height(int height) {
            this.height = Settings.positive("height", height);
            return this;
        }

        /** Width of the image in pixels; has no default. */
        public Builder width(int width) {
            this.width = Settings.positive("width", width);
            return this;
        }

        /** Height and width of a patch in pixels; default 2. */
        public Builder patch(int patch) {
            this.patch = Settings.positive("patch", patch);
            return this;
        }

        @Override
        public Unpatchify build() {
            if (Settings.positive("height", height) % patch != 0 || Settings.positive("width", width) % patch != 0) {
                throw new IllegalArgumentException(
                        "patch: takes a divisor of height " + height + " and width " + width + ", received " + patch);
            }
            return new Unpatchify(this);
        }
    }
}
