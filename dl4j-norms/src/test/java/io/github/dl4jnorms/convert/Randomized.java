package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks as if they had been trained: no parameter is what it starts at. */
final class Randomized {

    private Randomized() {}

    /** Fills all parameters, those that must be positive with positive numbers. */
    static <N extends Model> N parameters(N network) {
        int seed = 0;
        for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
            INDArray values = parameter.getValue();
            INDArray random = Arrays.random(++seed, values.dataType(), values.shape());
            boolean variance =
                    parameter.getKey().endsWith("_var") || parameter.getKey().endsWith("_variance");
            values.assign(variance ? random.mul(random).addi(0.5) : random.mul(0.4));
        }
        return network;
    }
}
