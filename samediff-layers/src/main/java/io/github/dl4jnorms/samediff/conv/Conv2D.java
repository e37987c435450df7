package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.convert.Foldable;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.weight.Parametrization;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.shade.jackson.annotation.JsonIgnore;

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning):
 *
 * <pre>y[n, o, i, j] = bias[o] + Σ over c, u, v of weight[o, c, u, v] · x[n, c, i · stride + u · dilation − padding, …]</pre>
 *
 * Does what DL4J's ConvolutionLayer does, by oneDNN, which ConvolutionLayer never reaches in DL4J 1.0.0-M2.1. Weights are
 * {@code [out, in, kernel height, kernel width]}, PyTorch's layout.
 *
 * <p>Input and output: {@code [N, C, H, W]} or {@code [N, H, W, C]}, as the network's input type says; output height
 * {@code ⌊(H + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1}, width likewise. Defaults: kernel 1, stride 1,
 * padding 0 of zeros, dilation 1, bias, He's normal initialization, no activation, no parametrization.
 */
public class Conv2D extends KernelLayer implements Foldable {

    private static final int[] NO_PADDING = {0, 0};

    private PaddingMode paddingMode = PaddingMode.ZEROS;
    private boolean frozen;
    private boolean inputGradient = true;

    /** For JSON. */
    public Conv2D() {}

    private Conv2D(Builder builder) {
        super(builder);
        this.paddingMode = builder.paddingMode;
        this.frozen = builder.frozen;
        this.inputGradient = builder.inputGradient;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(frozen ? parameters.frozen() : parameters);
    }

    @Override
    long outputSize(long size, int i) {
        if (paddingMode == PaddingMode.REFLECT) {
            requireReflection(size, i);
        }
        return Images.outputSize(size, reach(i), getStride()[i], getPadding()[i], this);
    }

    /** An image too small to be reflected. */
    @Override
    public void check(boolean training, INDArray... inputs) {
        for (int i = 0; paddingMode == PaddingMode.REFLECT && i < 2; i++) {
            requireReflection(inputs[0].size((getFormat() == CNN2DFormat.NHWC ? 1 : 2) + i), i);
        }
    }

    private void requireReflection(long size, int i) {
        if (getPadding()[i] >= size) {
            throw new IllegalArgumentException("padding: reflection takes less than the input's "
                    + (i == 0 ? "height " : "width ") + size + ", received " + getPadding()[i] + " (layer "
                    + getLayerName() + ")");
        }
    }

    @Override
    protected long[] weightShape() {
        return new long[] {getNOut(), getNIn(), getKernel()[0], getKernel()[1]};
    }

    @Override
    protected SDVariable linear(SameDiff sd, SDVariable image, SDVariable weight, SDVariable bias) {
        SDVariable x = paddingMode == PaddingMode.REFLECT
                ? ReflectionPad.of(sd, image, getPadding(), getFormat() == CNN2DFormat.NHWC)
                : image;
        if (isOneDnn(x, weight)) {
            return oneDnn(sd, x, weight, bias);
        }
        return isPointwise() ? new PointwiseOp(sd, x, weight).outputVariable() : convolve(sd, x, weight, bias);
    }

    private static boolean isOneDnn(SDVariable x, SDVariable weight) {
        return Fused.available()
                && x.dataType() == DataType.FLOAT
                && weight.dataType() == DataType.FLOAT
                && OneDnn.available();
    }

    private SDVariable oneDnn(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        SDVariable[] inputs = bias == null ? new SDVariable[] {x, weight} : new SDVariable[] {x, weight, bias};
        return new ConvolutionOp(
                        sd,
                        getStride(),
                        zeros(),
                        getDilation(),
                        getFormat() == CNN2DFormat.NHWC,
                        new ConvolutionOp.Wanted(inputGradient, !frozen),
                        inputs)
                .outputVariable();
    }

    @Override
    public boolean differentiatesInputs() {
        return inputGradient;
    }

    /** Rows and columns of zeros on each side. */
    private int[] zeros() {
        return paddingMode == PaddingMode.ZEROS ? getPadding() : NO_PADDING;
    }

    /** Whether this is a matrix product of channels, which need not be a convolution. */
    private boolean isPointwise() {
        return Fused.available()
                && getFormat() == CNN2DFormat.NCHW
                && !isBias()
                && Arrays.equals(getKernel(), new int[] {1, 1})
                && Arrays.equals(getStride(), new int[] {1, 1})
                && Arrays.equals(zeros(), NO_PADDING);
    }

    private SDVariable convolve(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(reach(0))
                .kW(reach(1))
                .sH(getStride()[0])
                .sW(getStride()[1])
                .pH(zeros()[0])
                .pW(zeros()[1])
                .dataFormat(getFormat().name())
                .weightsFormat(WeightsFormat.OIYX)
                .build();
        SDVariable kernel = dilated(sd, weight);
        return bias == null ? sd.cnn.conv2d(x, kernel, config) : sd.cnn.conv2d(x, kernel, bias, config);
    }

    /** Without an activation, and with weights that are what is stored. */
    @Override
    @JsonIgnore
    public boolean isLinear() {
        return getActivation() == Activation.IDENTITY && getParametrization().equals(Parametrization.none());
    }

    @Override
    public String weightName() {
        return WEIGHT;
    }

    @Override
    public long[] channelShape() {
        return new long[] {getNOut(), 1, 1, 1};
    }

    @Override
    public String biasName() {
        return BIAS;
    }

    @Override
    public Conv2D withBias() {
        Conv2D copy = (Conv2D) clone();
        copy.setBias(true);
        return copy;
    }

    public PaddingMode getPaddingMode() {
        return paddingMode;
    }

    public void setPaddingMode(PaddingMode paddingMode) {
        this.paddingMode = paddingMode;
    }

    public boolean isFrozen() {
        return frozen;
    }

    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    public boolean isInputGradient() {
        return inputGradient;
    }

    public void setInputGradient(boolean inputGradient) {
        this.inputGradient = inputGradient;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof Conv2D that
                && paddingMode == that.paddingMode
                && frozen == that.frozen
                && inputGradient == that.inputGradient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), paddingMode.name(), frozen, inputGradient);
    }

    /** Settings of a {@link Conv2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends KernelLayer.Builder<Builder> {

        private PaddingMode paddingMode = PaddingMode.ZEROS;
        private boolean frozen;
        private boolean inputGradient = true;

        /**
         * What the padding is made of; default zeros. Reflection takes an image larger than the padding, and pads by a copy of
         * it.
         */
        public Builder paddingMode(PaddingMode paddingMode) {
            this.paddingMode = Objects.requireNonNull(paddingMode, "paddingMode");
            return this;
        }

        /**
         * Whether the weight and the bias stay as they are in training; default false. Their gradients are not computed, the
         * input's is.
         */
        public Builder frozen(boolean frozen) {
            this.frozen = frozen;
            return this;
        }

        /**
         * Whether the backward pass computes the gradient with respect to the layer's input; default true. A network's first
         * layer need not, unless somebody asks for the gradient of the images. Without it the layer hands on null, as DL4J's
         * EmbeddingLayer does, and a layer before it that has parameters cannot be trained: DL4J refuses.
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        @Override
        public Conv2D build() {
            check();
            return new Conv2D(this);
        }
    }
}
