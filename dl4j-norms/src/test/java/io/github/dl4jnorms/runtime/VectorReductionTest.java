package io.github.dl4jnorms.runtime;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J leaves the output of a reduction of a vector over dimensions of length 1 as it is. */
class VectorReductionTest {

    /** y = mean of x + sum of |x| + x, over the dimension of examples. */
    public static class OfExamples extends Definitions.Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].mean(0).add(inputs[0].norm1(0)).add(inputs[0]);
        }
    }

    /** y = mean of x + sum of |x| + x, over the features. */
    public static class OfFeatures extends Definitions.Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].mean(true, 1).add(inputs[0].norm1(true, 1)).add(inputs[0]);
        }
    }

    @Test
    void oneExample() {
        MultiLayerNetwork network = network(new OfExamples(), 4);
        INDArray x = random(1, DataType.DOUBLE, 1, 4).sub(0.7);
        assertClose("one", network.output(x), x.mul(2).add(Transforms.abs(x)));
        INDArray more = random(1, DataType.DOUBLE, 3, 4);
        assertClose(
                "three", network.output(more), more.addRowVector(more.mean(0)).addRowVector(more.norm1(0)));
    }

    @Test
    void oneFeature() {
        INDArray x = random(1, DataType.DOUBLE, 5, 1).sub(0.7);
        assertClose("one", network(new OfFeatures(), 1).output(x), x.mul(2).add(Transforms.abs(x)));
    }

    private static MultiLayerNetwork network(DefinedLayer layer, int features) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(layer)
                .setInputType(InputType.feedForward(features))
                .build());
        network.init();
        return network;
    }
}
