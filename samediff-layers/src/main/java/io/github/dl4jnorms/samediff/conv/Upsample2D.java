package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.ImageGatherOp;
import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Nearest-neighbour upsampling: {@code y[n, c, i, j] = x[n, c, ⌊i / scale⌋, ⌊j / scale⌋]}, so that each pixel becomes a
 * rectangle.
 *
 * <p>Does what DL4J's Upsampling2D does, on all of the processor's cores.
 *
 * <p>Input and output: {@code [N, C, H, W]} or {@code [N, H, W, C]}, as the network's input type says; output height
 * {@code H · scale}, width likewise. Default: scale 2.
 */
public class Upsample2D extends DefinedLayer {

    private int[] scale = {2, 2};
    private CNN2DFormat format = CNN2DFormat.NCHW;

    /** For JSON. */
    public Upsample2D() {}

    private Upsample2D(Builder builder) {
        super(builder);
        this.scale = builder.scale;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        format = Images.require(inputType, this).getFormat();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        return InputType.convolutional(
                cnn.getHeight() * scale[0], cnn.getWidth() * scale[1], cnn.getChannels(), cnn.getFormat());
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable x = inputs[0];
        boolean channelsLast = format == CNN2DFormat.NHWC;
        if (Fused.available() && x.dataType() == DataType.FLOAT) {
            return ImageGatherOp.upsample(sd, x, scale, channelsLast);
        }
        // ND4J's own gradient is wrong for channels last
        return channelsLast ? composed(sd, x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1) : composed(sd, x);
    }

    private SDVariable composed(SameDiff sd, SDVariable x) {
        return sd.cnn.upsampling2d(x, scale[0], scale[1], true);
    }

    public int[] getScale() {
        return scale;
    }

    public void setScale(int[] scale) {
        this.scale = scale;
    }

    public CNN2DFormat getFormat() {
        return format;
    }

    public void setFormat(CNN2DFormat format) {
        this.format = format;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upsample2D that
                && super.equals(other)
                && Arrays.equals(scale, that.scale)
                && format == that.format;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), Arrays.hashCode(scale));
    }

    /** Settings of an {@link Upsample2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int[] scale = {2, 2};

        /** Vertical and horizontal factor, or one number for both; default 2. */
        public Builder scale(int... scale) {
            this.scale = Images.pair("scale", 1, scale);
            return this;
        }

        @Override
        public Upsample2D build() {
            return new Upsample2D(this);
        }
    }
}
