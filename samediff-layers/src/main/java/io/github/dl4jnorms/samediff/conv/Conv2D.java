package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.convert.Foldable;
import io.github.dl4jnorms.op.Fused;
import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonIgnore;

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning):
 *
 * <pre>y[n, o, i, j] = bias[o] + Σ over c, u, v of weight[o, c, u, v] · x[n, c, i · stride + u · dilation − padding, …]</pre>
 *
 * Does what DL4J's ConvolutionLayer does, through ND4J's {@code conv2d} operation, which oneDNN computes; ConvolutionLayer
 * never reaches oneDNN in DL4J 1.0.0-M2.1. Weights are {@code [out, in, kernel height, kernel width]}, PyTorch's layout.
 *
 * <p>Input and output: {@code [N, C, H, W]} or {@code [N, H, W, C]}, as the network's input type says; output height
 * {@code ⌊(H + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1}, width likewise. Defaults: kernel 1, stride 1,
 * padding 0, dilation 1, bias, He's normal initialization, no activation.
 */
public class Conv2D extends DefinedLayer implements Foldable {

    static final String WEIGHT = "W";
    static final String BIAS = "b";

    private long nIn;
    private long nOut;
    private int[] kernel = {1, 1};
    private int[] stride = {1, 1};
    private int[] padding = {0, 0};
    private int[] dilation = {1, 1};
    private boolean bias = true;
    private double biasInit;
    private IWeightInit initializer = new WeightInitRelu();
    private Activation activation = Activation.IDENTITY;
    private boolean inputGradient = true;
    private CNN2DFormat format = CNN2DFormat.NCHW;

    /** For JSON. */
    public Conv2D() {}

    private Conv2D(Builder builder) {
        super(builder);
        this.nOut = builder.nOut;
        this.kernel = builder.kernel;
        this.stride = builder.stride;
        this.padding = builder.padding;
        this.dilation = builder.dilation;
        this.bias = builder.bias;
        this.biasInit = builder.biasInit;
        this.initializer = builder.initializer;
        this.activation = builder.activation;
        this.inputGradient = builder.inputGradient;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        if (nIn == 0 || override) {
            nIn = cnn.getChannels();
            format = cnn.getFormat();
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional cnn = Images.require(inputType, this);
        return InputType.convolutional(
                outputSize(cnn.getHeight(), 0), outputSize(cnn.getWidth(), 1), nOut, cnn.getFormat());
    }

    private long outputSize(long size, int i) {
        return Images.outputSize(size, reach(i), stride[i], padding[i], this);
    }

    @Override
    public void declare(Parameters parameters) {
        if (nIn < 1) {
            throw new IllegalArgumentException(
                    "nIn: Conv2D takes the input's channels from the network's input type; set one with setInputType(s)");
        }
        long[] shape = {nOut, nIn, kernel[0], kernel[1]};
        parameters.weight(WEIGHT, this::initialize, shape);
        if (bias) {
            parameters.bias(BIAS, b -> b.assign(biasInit), nOut);
        }
    }

    private void initialize(INDArray weight) {
        double area = (double) kernel[0] * kernel[1];
        initializer.init(nIn * area, nOut * area, weight.shape(), 'c', weight);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable x = inputs[0];
        return Activations.apply(
                sd,
                activation,
                isOneDnn(x, scope.parameter(WEIGHT))
                        ? oneDnn(scope, x)
                        : isPointwise() ? pointwise(scope, x) : convolve(scope, x));
    }

    private static boolean isOneDnn(SDVariable x, SDVariable weight) {
        return Fused.available()
                && x.dataType() == DataType.FLOAT
                && weight.dataType() == DataType.FLOAT
                && OneDnn.available();
    }

    private SDVariable oneDnn(Scope scope, SDVariable x) {
        SDVariable weight = scope.parameter(WEIGHT);
        SDVariable[] inputs = bias ? new SDVariable[] {x, weight, scope.parameter(BIAS)} : new SDVariable[] {x, weight};
        return new ConvolutionOp(
                        scope.sameDiff(), stride, padding, dilation, format == CNN2DFormat.NHWC, inputGradient, inputs)
                .outputVariable();
    }

    @Override
    public boolean differentiatesInputs() {
        return inputGradient;
    }

    /** Whether this is a matrix product of channels, which need not be a convolution. */
    private boolean isPointwise() {
        return Fused.available()
                && format == CNN2DFormat.NCHW
                && !bias
                && Arrays.equals(kernel, new int[] {1, 1})
                && Arrays.equals(stride, new int[] {1, 1})
                && Arrays.equals(padding, new int[] {0, 0});
    }

    private SDVariable pointwise(Scope scope, SDVariable x) {
        return new PointwiseOp(scope.sameDiff(), x, scope.parameter(WEIGHT)).outputVariable();
    }

    private SDVariable convolve(Scope scope, SDVariable x) {
        SameDiff sd = scope.sameDiff();
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(reach(0))
                .kW(reach(1))
                .sH(stride[0])
                .sW(stride[1])
                .pH(padding[0])
                .pW(padding[1])
                .dataFormat(format.name())
                .weightsFormat(org.nd4j.enums.WeightsFormat.OIYX)
                .build();
        SDVariable weight = dilated(sd, scope.parameter(WEIGHT));
        return bias ? sd.cnn.conv2d(x, weight, scope.parameter(BIAS), config) : sd.cnn.conv2d(x, weight, config);
    }

    /**
     * The weights with zeros between the taps: in DL4J 1.0.0-M2.1 oneDNN refuses every dilated convolution, as libnd4j forgets
     * the dilation when it works out the padding on the far side.
     */
    private SDVariable dilated(SameDiff sd, SDVariable weight) {
        int dH = dilation[0];
        int dW = dilation[1];
        if (dH == 1 && dW == 1) {
            return weight;
        }
        INDArray first = Nd4j.zeros(weight.dataType(), 1, 1, dH, 1, dW);
        first.putScalar(new int[] {0, 0, 0, 0, 0}, 1);
        int pairs = Math.toIntExact(nOut * nIn);
        SDVariable spread =
                sd.reshape(weight, pairs, kernel[0], 1, kernel[1], 1).mul(sd.constant(first));
        SDVariable trailing = sd.reshape(spread, pairs, kernel[0] * dH, kernel[1] * dW);
        SDVariable cut = sd.slice(trailing, new int[] {0, 0, 0}, pairs, reach(0), reach(1));
        return sd.reshape(cut, nOut, nIn, reach(0), reach(1));
    }

    /** Rows or columns that the kernel spans. */
    private int reach(int i) {
        return dilation[i] * (kernel[i] - 1) + 1;
    }

    @Override
    @JsonIgnore
    public boolean isLinear() {
        return activation == Activation.IDENTITY;
    }

    @Override
    public String weightName() {
        return WEIGHT;
    }

    @Override
    public long[] channelShape() {
        return new long[] {nOut, 1, 1, 1};
    }

    @Override
    public String biasName() {
        return BIAS;
    }

    @Override
    public Conv2D withBias() {
        Conv2D copy = (Conv2D) clone();
        copy.bias = true;
        return copy;
    }

    public long getNIn() {
        return nIn;
    }

    public void setNIn(long nIn) {
        this.nIn = nIn;
    }

    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
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

    public boolean isBias() {
        return bias;
    }

    public void setBias(boolean bias) {
        this.bias = bias;
    }

    public double getBiasInit() {
        return biasInit;
    }

    public void setBiasInit(double biasInit) {
        this.biasInit = biasInit;
    }

    public IWeightInit getInitializer() {
        return initializer;
    }

    public void setInitializer(IWeightInit initializer) {
        this.initializer = initializer;
    }

    public Activation getActivation() {
        return activation;
    }

    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    public boolean isInputGradient() {
        return inputGradient;
    }

    public void setInputGradient(boolean inputGradient) {
        this.inputGradient = inputGradient;
    }

    public CNN2DFormat getFormat() {
        return format;
    }

    public void setFormat(CNN2DFormat format) {
        this.format = format;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Conv2D that
                && super.equals(other)
                && nIn == that.nIn
                && nOut == that.nOut
                && Arrays.equals(kernel, that.kernel)
                && Arrays.equals(stride, that.stride)
                && Arrays.equals(padding, that.padding)
                && Arrays.equals(dilation, that.dilation)
                && bias == that.bias
                && biasInit == that.biasInit
                && initializer.equals(that.initializer)
                && activation == that.activation
                && inputGradient == that.inputGradient
                && format == that.format;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof Conv2D;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), nIn, nOut, Arrays.hashCode(kernel), Arrays.hashCode(stride), bias);
    }

    /** Settings of a {@link Conv2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private long nOut;
        private int[] kernel = {1, 1};
        private int[] stride = {1, 1};
        private int[] padding = {0, 0};
        private int[] dilation = {1, 1};
        private boolean bias = true;
        private double biasInit;
        private IWeightInit initializer = new WeightInitRelu();
        private Activation activation = Activation.IDENTITY;
        private boolean inputGradient = true;

        /** Number of output channels; has no default. */
        public Builder nOut(long nOut) {
            this.nOut = nOut;
            return this;
        }

        /** Height and width of the kernel, or one number for both; default 1. */
        public Builder kernel(int... kernel) {
            this.kernel = Images.pair("kernel", 1, kernel);
            return this;
        }

        /** Vertical and horizontal stride, or one number for both; default 1. */
        public Builder stride(int... stride) {
            this.stride = Images.pair("stride", 1, stride);
            return this;
        }

        /** Rows and columns of zeros on each side, or one number for both; default 0. */
        public Builder padding(int... padding) {
            this.padding = Images.pair("padding", 0, padding);
            return this;
        }

        /**
         * Vertical and horizontal distance between the kernel's taps, or one number for both; default 1. It takes the time of a
         * full kernel with the same reach.
         */
        public Builder dilation(int... dilation) {
            this.dilation = Images.pair("dilation", 1, dilation);
            return this;
        }

        /** Whether there is a bias per output channel; default true. */
        public Builder bias(boolean bias) {
            this.bias = bias;
            return this;
        }

        /** What each bias starts at; default 0. */
        public Builder biasInit(double biasInit) {
            this.biasInit = biasInit;
            return this;
        }

        /** How the weights start; default He's normal initialization for ReLU. */
        public Builder initializer(IWeightInit initializer) {
            this.initializer = Objects.requireNonNull(initializer, "initializer");
            return this;
        }

        /** What is applied to the result; default identity. */
        public Builder activation(Activation activation) {
            this.activation = Activations.require(activation);
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
            if (nOut < 1) {
                throw new IllegalArgumentException("nOut: takes a number greater than 0, received " + nOut);
            }
            return new Conv2D(this);
        }
    }
}
