package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.op.Fused;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;

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
 * padding 0, dilation 1, bias, He's normal initialization, no activation, no parametrization.
 */
public class Conv2D extends KernelLayer {

    /** For JSON. */
    public Conv2D() {}

    private Conv2D(Builder builder) {
        super(builder);
    }

    @Override
    long outputSize(long size, int i) {
        int reach = reach(i);
        long padding = getPadding()[i];
        if (size + 2 * padding < reach) {
            throw new IllegalArgumentException("inputType: a kernel that reaches over " + reach
                    + " pixels takes an input of at least " + (reach - 2 * padding) + ", received " + size
                    + " (layer " + getLayerName() + ")");
        }
        return (size + 2 * padding - reach) / getStride()[i] + 1;
    }

    @Override
    protected long[] weightShape() {
        return new long[] {getNOut(), getNIn(), getKernel()[0], getKernel()[1]};
    }

    @Override
    protected SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        return isPointwise() ? new PointwiseOp(sd, x, weight).outputVariable() : convolve(sd, x, weight, bias);
    }

    /** Whether this is a matrix product of channels, which need not be a convolution. */
    private boolean isPointwise() {
        return Fused.available()
                && getFormat() == CNN2DFormat.NCHW
                && !isBias()
                && Arrays.equals(getKernel(), new int[] {1, 1})
                && Arrays.equals(getStride(), new int[] {1, 1})
                && Arrays.equals(getPadding(), new int[] {0, 0});
    }

    private SDVariable convolve(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(reach(0))
                .kW(reach(1))
                .sH(getStride()[0])
                .sW(getStride()[1])
                .pH(getPadding()[0])
                .pW(getPadding()[1])
                .dataFormat(getFormat().name())
                .weightsFormat(WeightsFormat.OIYX)
                .build();
        SDVariable kernel = dilated(sd, weight);
        return bias == null ? sd.cnn.conv2d(x, kernel, config) : sd.cnn.conv2d(x, kernel, bias, config);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof Conv2D;
    }

    /** Settings of a {@link Conv2D}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends KernelLayer.Builder<Builder> {

        @Override
        public Conv2D build() {
            check();
            return new Conv2D(this);
        }
    }
}
