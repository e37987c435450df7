package io.github.dl4jnorms.op;

import io.github.dl4jnorms.kernel.MaxPool;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** The window, stride and padding of {@link MaxPoolOp} and its gradient, vertical and horizontal. */
record MaxPoolArgs(long[] window, long[] stride, long[] padding) {

    static MaxPoolArgs of(long[] a) {
        return new MaxPoolArgs(new long[] {a[0], a[1]}, new long[] {a[2], a[3]}, new long[] {a[4], a[5]});
    }

    long[] toArray() {
        return new long[] {window[0], window[1], stride[0], stride[1], padding[0], padding[1]};
    }

    long[] outputShape(INDArray x) {
        return new long[] {x.size(0), x.size(1), out(x, 0), out(x, 1)};
    }

    private long out(INDArray x, int i) {
        return (x.size(2 + i) + 2 * padding[i] - window[i]) / stride[i] + 1;
    }

    /** Whether the kernel takes this type; ND4J's own operation takes all. */
    static boolean isFused(INDArray x) {
        return x.dataType() == DataType.FLOAT;
    }

    MaxPool kernel(INDArray x) {
        return new MaxPool(Math.toIntExact(x.size(0) * x.size(1)), windows(x, 0), windows(x, 1));
    }

    private MaxPool.Windows windows(INDArray x, int i) {
        return new MaxPool.Windows(
                (int) x.size(2 + i), (int) out(x, i), (int) window[i], (int) stride[i], (int) padding[i]);
    }

    /** ND4J's operation with these arguments. */
    DynamicCustomOp nd4j(String name, INDArray[] inputs, INDArray output) {
        DynamicCustomOp op = new DynamicCustomOp(name, inputs, new INDArray[] {output});
        op.addIArgument(toArray());
        op.addIArgument(1, 1, 0, 0, 0); // dilation; padding as given; what an average divides by; NCHW
        return op;
    }
}
