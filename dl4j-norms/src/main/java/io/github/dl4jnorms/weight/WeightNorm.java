package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight normalization (<a href="https://arxiv.org/abs/1602.07868">Salimans and Kingma, 2016</a>): {@code w = g · v / ‖v‖},
 * which separates a weight's length from its direction.
 *
 * <p>Parameters of a weight "W": the direction "Wv" of W's shape, and the length "Wg", of W's shape with 1 in place of all
 * dimensions but {@code dim}. At start {@code g = ‖v‖}, so that w is what the initializer gives; {@link DataDependentStart}
 * starts from a batch. Weight regularization applies to v, the biases' regularization and updater to g.
 *
 * @param dim the dimension along which each index has a length of its own, the norm being over all others, 0 by default;
 *     null for one length of the whole weight
 */
public record WeightNorm(@JsonProperty("dim") Integer dim) implements Parametrization {

    /** A length per output; per input channel for a transposed convolution, as in PyTorch. */
    public WeightNorm() {
        this(0);
    }

    @JsonCreator
    public WeightNorm {}

    /** One length of the whole weight. */
    public static WeightNorm ofWhole() {
        return new WeightNorm((Integer) null);
    }

    @Override
    public void declare(Parameters parameters, Weight weight) {
        Started v = new Started(weight.initializer());
        parameters.weight(direction(weight.name()), v, weight.shape());
        parameters.bias(
                length(weight.name()), g -> g.assign(norm(v.array(), weight).reshape(g.shape())), lengthShape(weight));
    }

    private INDArray norm(INDArray v, Weight weight) {
        return v.norm2(true, normed(weight));
    }

    @Override
    public SDVariable effective(Scope scope, Weight weight) {
        SameDiff sd = scope.sameDiff();
        SDVariable v = scope.parameter(direction(weight.name()));
        SDVariable g = scope.parameter(length(weight.name()));
        // RMSNorm divides by ‖v‖ / √n, n being the elements that one length is of
        if (dim == null) {
            return SDNorms.rmsNorm(sd, v, 0, null, 0).mul(g.mul(1 / Math.sqrt(weight.length())));
        }
        double elements = (double) weight.length() / weight.shape()[dim];
        int[] dimFirst = weight.withFirst(dim);
        SDVariable unit = SDNorms.rmsNorm(sd, sd.permute(v, dimFirst), 1, null, 0);
        return sd.permute(unit, dimFirst).mul(g.mul(1 / Math.sqrt(elements)));
    }

    /** The dimensions that the norm is over. */
    private int[] normed(Weight weight) {
        int rank = weight.shape().length;
        if (dim == null) {
            return IntStream.range(0, rank).toArray();
        }
        weight.requireDimension(dim);
        return IntStream.range(0, rank).filter(i -> i != dim).toArray();
    }

    private long[] lengthShape(Weight weight) {
        long[] shape = new long[weight.shape().length];
        Arrays.fill(shape, 1);
        if (dim != null) {
            weight.requireDimension(dim);
            shape[dim] = weight.shape()[dim];
        }
        return shape;
    }

    /** The name of v, the direction of the weight with this name. */
    public static String direction(String weight) {
        return weight + "v";
    }

    /** The name of g, the length of the weight with this name. */
    public static String length(String weight) {
        return weight + "g";
    }
}
