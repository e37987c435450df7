package io.github.dl4jnorms.samediff.conv;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Two-dimensional transposed convolution, the gradient of {@link Conv2D} with respect to its input, also called deconvolution:
 * each pixel of the input lays down the kernel, times its value, on the output.
 *
 * <p>Weights are {@code [in, out, kernel height, kernel width]}, PyTorch's layout. Input and output: {@code [N, C, H, W]} or
 * {@code [N, H, W, C]}, as the network's input type says; output height
 * {@code (H − 1) · stride − 2 · padding + dilation · (kernel − 1) + output padding + 1}, width likewise. Computed by ND4J's
 * {@code deconv2d}. Defaults: kernel 1, stride 1, padding 0, output padding 0, dilation 1, bias, He's normal initialization, no
 * activation, no parametrization.
 */
public class ConvTranspose2D extends KernelLayer {

    private int[] outputPadding = {0, 0};

    /** For JSON. */
    public ConvTranspose2D() {}

    private ConvTranspose2D(Builder builder) {
        super(builder);
        this.outputPadding = builder.outputPadding;
    }

    @Override
    long outputSize(long size, int i) {
        long output = (size - 1) * getStride()[i] - 2L * getPadding()[i] + reach(i) + outputPadding[i];
        if (output < 1) {
            throw new IllegalArgumentException("inputType: a padding of " + getPadding()[i]
                    + " takes an input with an output of at least 1, received " + size + ", whose output has " + output
                    + " (layer " + getLayerName() + ")");
        }
        return output;
    }

    @Override
    protected long[] weightShape() {
        return new long[] {getNIn(), getNOut(), getKernel()[0], getKernel()[1]};
    }

    @Override
    protected int outputDimension() {
        return 1;
    }

    @Override
    protected SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        SDVariable kernel =
                sd.permute(dilated(sd, weight), 2, 3, 1, 0); // the only layout that SameDiff's operation takes
        if (outputPadding[0] == 0 && outputPadding[1] == 0) {
            return deconvolve(sd, x, kernel, bias, getPadding());
        }
        SDVariable y = cut(sd, deconvolve(sd, x, kernel, null, new int[] {0, 0}));
        return bias == null ? y : sd.nn.biasAdd(y, bias, isChannelsFirst());
    }

    private SDVariable deconvolve(SameDiff sd, SDVariable x, SDVariable kernel, SDVariable bias, int[] padding) {
        DeConv2DConfig config = DeConv2DConfig.builder()
                .kH(reach(0))
                .kW(reach(1))
                .sH(getStride()[0])
                .sW(getStride()[1])
                .pH(padding[0])
                .pW(padding[1])
                .dataFormat(getFormat().name())
                .build();
        return bias == null ? sd.cnn.deconv2d(x, kernel, config) : sd.cnn.deconv2d(x, kernel, bias, config);
    }

    /** Takes the padding away from both sides but for the output padding, which the far side keeps, or gets as zeros. */
    private SDVariable cut(SameDiff sd, SDVariable y) {
        int first = isChannelsFirst() ? 2 : 1;
        int[][] zeros = new int[4][2];
        long[] begin = new long[4];
        long[] end = new long[4];
        int toTheEnd = 0b1111;
        for (int i = 0; i < 2; i++) {
            int surplus = getPadding()[i] - outputPadding[i];
            zeros[first + i][1] = Math.max(0, -surplus);
            begin[first + i] = getPadding()[i];
            if (surplus > 0) {
                end[first + i] = -surplus;
                toTheEnd &= ~(1 << (first + i));
            }
        }
        SDVariable padded = sd.nn.pad(y, sd.constant(Nd4j.createFromArray(zeros)), 0);
        return sd.stridedSlice(padded, begin, end, new long[] {1, 1, 1, 1}, 0, toTheEnd, 0, 0, 0);
    }

    private boolean isChannelsFirst() {
        return getFormat() == CNN2DFormat.NCHW;
    }

    public int[] getOutputPadding() {
        return outputPadding;
    }

    public void setOutputPadding(int[] outputPadding) {
        this.outputPadding = outputPadding;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof ConvTranspose2D that
                && Arrays.equals(outputPadding, that.outputPadding);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), Arrays.hashCode(outputPadding));
    }

    /** Settings of a {@link ConvTranspose2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends KernelLayer.Builder<Builder> {

        private int[] outputPadding = {0, 0};

        /** Rows and columns of zeros that are cut from each side of the output, or one number for both; default 0. */
        @Override
        public Builder padding(int... padding) {
            return super.padding(padding);
        }

        /**
         * Rows and columns that the output has in addition at its far side, or one number for both, less than the stride or the
         * dilation; default 0. Tells apart the input sizes for which a strided convolution has the same output size.
         */
        public Builder outputPadding(int... outputPadding) {
            this.outputPadding = Images.pair("outputPadding", 0, outputPadding);
            return this;
        }

        @Override
        public ConvTranspose2D build() {
            check();
            ConvTranspose2D layer = new ConvTranspose2D(this);
            for (int i = 0; i < 2; i++) {
                int limit = Math.max(layer.getStride()[i], layer.getDilation()[i]);
                if (outputPadding[i] >= limit) {
                    throw new IllegalArgumentException(
                            "outputPadding: takes less than the stride or the dilation, here " + limit + ", received "
                                    + outputPadding[i]);
                }
            }
            return layer;
        }
    }
}
