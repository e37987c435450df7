package io.github.dl4jnorms.samediff.conv;

import java.util.Arrays;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arithmetic of a 1×1 convolution of stride 1: for each example a matrix product of the weights {@code [out, in]} and the
 * pixels {@code [in, H · W]}, without the copies into a layout of its own that oneDNN makes. Where that does not pay, because
 * the weights would be read once for each of several small images, ND4J's {@code conv2d} computes it.
 */
final class Pointwise {

    /** Pixels of an image from which on a product per image is faster; measured on ResNet-50's layers. */
    private static final long PIXELS = 1024;

    private Pointwise() {}

    static void forward(INDArray x, INDArray weight, INDArray y) {
        if (!pays(x, weight, y)) {
            Nd4j.exec(new Conv2D(x, weight, null, y, config()));
            return;
        }
        INDArray w = matrix(weight);
        for (int n = 0; n < x.size(0); n++) {
            Nd4j.gemm(pixels(x, n), w, pixels(y, n), false, false, 1, 0);
        }
    }

    static void backward(INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dWeight) {
        if (!pays(x, weight, dy, dx, dWeight)) {
            DynamicCustomOp op =
                    new DynamicCustomOp("conv2d_bp", new INDArray[] {x, weight, dy}, new INDArray[] {dx, dWeight});
            op.addIArgument(1, 1, 1, 1, 0, 0, 1, 1, 0, 0, WeightsFormat.OIYX.ordinal());
            Nd4j.exec(op);
            return;
        }
        INDArray w = matrix(weight);
        INDArray dw = matrix(dWeight);
        for (int n = 0; n < x.size(0); n++) {
            INDArray g = pixels(dy, n);
            Nd4j.gemm(g, w, pixels(dx, n), false, true, 1, 0);
            Nd4j.gemm(pixels(x, n), g, dw, true, false, 1, n == 0 ? 0 : 1);
        }
    }

    private static boolean pays(INDArray x, INDArray... others) {
        return (x.size(0) == 1 || x.size(2) * x.size(3) >= PIXELS)
                && isRowMajor(x)
                && Arrays.stream(others).allMatch(Pointwise::isRowMajor);
    }

    private static boolean isRowMajor(INDArray x) {
        return x.ordering() == 'c' && Arrays.equals(x.stride(), ArrayUtil.calcStrides(x.shape()));
    }

    /** Image n as a column-major matrix [H · W, channels], which is how BLAS takes a row-major [channels, H · W]. */
    private static INDArray pixels(INDArray x, int n) {
        return x.reshape('c', x.size(0), x.size(1), x.size(2) * x.size(3))
                .slice(n)
                .transpose();
    }

    /** Weights [out, in, 1, 1] as a column-major matrix [in, out]. */
    private static INDArray matrix(INDArray weight) {
        return weight.reshape('c', weight.size(0), weight.size(1)).transpose();
    }

    private static Conv2DConfig config() {
        return Conv2DConfig.builder()
                .kH(1)
                .kW(1)
                .weightsFormat(WeightsFormat.OIYX)
                .build();
    }
}
