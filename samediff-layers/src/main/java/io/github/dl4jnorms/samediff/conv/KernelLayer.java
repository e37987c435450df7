package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.weight.ParametrizedLayer;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What layers whose weight is a kernel that moves over an image have in common: kernel, stride, padding and dilation, and the
 * image's layout, {@code [N, C, H, W]} or {@code [N, H, W, C]}, taken from the network's input type.
 */
public abstract class KernelLayer extends ParametrizedLayer {

    private int[] kernel = {1, 1};
    private int[] stride = {1, 1};
    private int[] padding = {0, 0};
    private int[] dilation = {1, 1};
    private CNN2DFormat format = CNN2DFormat.NCHW;

    KernelLayer() {}

    KernelLayer(Builder<?> builder) {
        super(builder);
        this.kernel = builder.kernel;
        this.stride = builder.stride;
        this.padding = builder.padding;
        this.dilation = builder.dilation;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        if (getNIn() == 0 || override) {
            setNIn(cnn.getChannels());
            format = cnn.getFormat();
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        return InputType.convolutional(
                outputSize(cnn.getHeight(), 0), outputSize(cnn.getWidth(), 1), getNOut(), cnn.getFormat());
    }

    /** Rows (i = 0) or columns (1) of the output for an input of this size. */
    abstract long outputSize(long size, int i);

    @Override
    protected int channelDimension(int rank) {
        return format == CNN2DFormat.NCHW ? 1 : 3;
    }

    /** Rows or columns that the kernel spans. */
    int reach(int i) {
        return dilation[i] * (kernel[i] - 1) + 1;
    }

    /**
     * The weights with zeros between the taps: in DL4J 1.0.0-M2.1 oneDNN refuses every dilated convolution, as libnd4j forgets
     * the dilation when it works out the padding on the far side.
     */
    SDVariable dilated(SameDiff sd, SDVariable weight) {
        int dH = dilation[0];
        int dW = dilation[1];
        if (dH == 1 && dW == 1) {
            return weight;
        }
        int kH = kernel[0];
        int kW = kernel[1];
        INDArray first = Nd4j.zeros(weight.dataType(), 1, 1, dH, 1, dW);
        first.putScalar(new int[] {0, 0, 0, 0, 0}, 1);
        int pairs = Math.toIntExact(getNOut() * getNIn());
        SDVariable spread = sd.reshape(weight, pairs, kH, 1, kW, 1).mul(sd.constant(first));
        SDVariable trailing = sd.reshape(spread, pairs, kH * dH, kW * dW);
        SDVariable cut = sd.slice(trailing, new int[] {0, 0, 0}, pairs, reach(0), reach(1));
        return sd.reshape(cut, weightShape()[0], weightShape()[1], reach(0), reach(1));
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

    public int[] getDilation() {
        return dilation;
    }

    public void setDilation(int[] dilation) {
        this.dilation = dilation;
    }

    public CNN2DFormat getFormat() {
        return format;
    }

    public void setFormat(CNN2DFormat format) {
        this.format = format;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof KernelLayer that
                && Arrays.equals(kernel, that.kernel)
                && Arrays.equals(stride, that.stride)
                && Arrays.equals(padding, that.padding)
                && Arrays.equals(dilation, that.dilation)
                && format == that.format;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), Arrays.hashCode(kernel), Arrays.hashCode(stride));
    }

    /** Settings of every layer with a kernel. */
    public abstract static class Builder<T extends Builder<T>> extends ParametrizedLayer.Builder<T> {

        private int[] kernel = {1, 1};
        private int[] stride = {1, 1};
        private int[] padding = {0, 0};
        private int[] dilation = {1, 1};

        /** Height and width of the kernel, or one number for both; default 1. */
        public T kernel(int... kernel) {
            this.kernel = Images.pair("kernel", 1, kernel);
            return self();
        }

        /** Vertical and horizontal stride, or one number for both; default 1. */
        public T stride(int... stride) {
            this.stride = Images.pair("stride", 1, stride);
            return self();
        }

        /** Rows and columns around the image on each side, zeros by default, or one number for both; default 0. */
        public T padding(int... padding) {
            this.padding = Images.pair("padding", 0, padding);
            return self();
        }

        /**
         * Vertical and horizontal distance between the kernel's taps, or one number for both; default 1. It takes the time of a
         * full kernel with the same reach.
         */
        public T dilation(int... dilation) {
            this.dilation = Images.pair("dilation", 1, dilation);
            return self();
        }
    }
}
