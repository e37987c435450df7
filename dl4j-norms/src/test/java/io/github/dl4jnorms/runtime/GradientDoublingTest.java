package io.github.dl4jnorms.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * DL4J's own runtime of SameDiff-defined layers gives gradients that are twice too large; ours does not. When the first test
 * fails, DL4J has mended that.
 */
class GradientDoublingTest {

    @Test
    void stockSameDiffLayerDoublesTheGradient() {
        assertThat(analyticOverTrueGradient(new StockScale())).isCloseTo(2.0, within());
    }

    @Test
    void definedLayerGivesTheGradient() {
        assertThat(analyticOverTrueGradient(new DefinedScale())).isCloseTo(1.0, within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-6);
    }

    /** For y = w x and the loss (y − t)² of one number, dL/dw = 2 (w x − t) x. */
    private static double analyticOverTrueGradient(Layer layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(layer)
                .layer(new LossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(1))
                .build());
        network.init();
        network.params().assign(3);
        double x = 0.5;
        double t = -1;
        network.setInput(Nd4j.createFromArray(new double[][] {{x}}));
        network.setLabels(Nd4j.createFromArray(new double[][] {{t}}));
        network.computeGradientAndScore();
        return network.gradient().gradient().getDouble(0) / (2 * (3 * x - t) * x);
    }

    /** y = w x in DL4J's runtime. */
    public static class StockScale extends SameDiffLayer {
        @Override
        public SDVariable defineLayer(SameDiff sd, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
            return x.mul(parameters.get("w"));
        }

        @Override
        public void defineParameters(SDLayerParams parameters) {
            parameters.addWeightParam("w", 1, 1);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> parameters) {
            parameters.get("w").assign(1);
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType inputType) {
            return inputType;
        }
    }

    /** y = w x in ours. */
    public static class DefinedScale extends DefinedLayer {
        @Override
        public void declare(Parameters parameters) {
            parameters.weight("w", w -> w.assign(1), 1, 1);
        }

        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].mul(scope.parameter("w"));
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType inputType) {
            return inputType;
        }
    }
}
