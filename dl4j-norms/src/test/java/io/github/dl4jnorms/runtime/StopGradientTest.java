package io.github.dl4jnorms.runtime;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StopGradientTest {

    /** y = x · constant(x²) + x, whose derivative is then x² + 1 instead of 3x² + 1. */
    public static class Half extends Definitions.Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SDVariable x = inputs[0];
            return x.mul(scope.stopGradient(x.mul(x))).add(x);
        }
    }

    /** y = constant(x), which no gradient flows through at all. */
    public static class None extends Definitions.Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return scope.stopGradient(inputs[0]);
        }
    }

    @Test
    void partOfAProduct() {
        INDArray x = random(1, DataType.DOUBLE, 3, 4);
        INDArray dy = random(2, DataType.DOUBLE, 3, 4);
        INDArray[] result = run(new Half(), x, dy);
        assertClose("y", result[0], x.mul(x).mul(x).add(x));
        assertClose("dx", result[1], x.mul(x).add(1).mul(dy));
    }

    @Test
    void everything() {
        INDArray x = random(1, DataType.DOUBLE, 3, 4);
        INDArray[] result = run(new None(), x, x);
        assertClose("y", result[0], x);
        assertClose("dx", result[1], Nd4j.zeros(DataType.DOUBLE, 3, 4));
    }

    private static INDArray[] run(DefinedLayer configuration, INDArray x, INDArray dy) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(configuration)
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        Layer layer = network.getLayer(0);
        layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
        INDArray y = layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        return new INDArray[] {
            y.dup(),
            layer.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces()).getSecond()
        };
    }
}
