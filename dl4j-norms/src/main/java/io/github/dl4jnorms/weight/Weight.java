package io.github.dl4jnorms.weight;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weight of a layer, as a {@link Parametrization} needs to know it.
 *
 * @param name its name, with which the names of all parameters in its place begin
 * @param shape its shape
 * @param outputDimension the dimension of the layer's outputs: 0, or 1 for a transposed convolution
 * @param initializer fills an array of the shape with what the weight starts at
 */
public record Weight(String name, long[] shape, int outputDimension, Consumer<INDArray> initializer) {

    /** Checks a setting that is one of the weight's dimensions. */
    int requireDimension(int dim) {
        if (dim < 0 || dim >= shape.length) {
            throw new IllegalArgumentException("dim: takes 0 to " + (shape.length - 1) + " for a weight of shape "
                    + Arrays.toString(shape) + ", received " + dim);
        }
        return dim;
    }

    /** The order of dimensions in which this one and the first have changed places. */
    int[] withFirst(int dim) {
        int[] order = IntStream.range(0, shape.length).toArray();
        order[dim] = 0;
        order[0] = dim;
        return order;
    }

    long length() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    long outputs() {
        return shape[outputDimension];
    }
}
