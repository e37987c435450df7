package io.github.dl4jnorms.weight;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network of one dense layer, and the weight that it computes with. */
final class Effective {

    private Effective() {}

    static MultiLayerNetwork network(
            int in, int out, Parametrization parametrization, DataType type, double learningRate) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(new Sgd(learningRate))
                .biasUpdater(new Sgd(0.01))
                .list()
                .layer(new Dense.Builder()
                        .nOut(out)
                        .parametrization(parametrization)
                        .build())
                .layer(new LossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(in))
                .build());
        network.init();
        return network;
    }

    /** The weight [out, in]: the outputs for the unit vectors, as long as the bias is zero. */
    static INDArray weight(MultiLayerNetwork network, boolean training) {
        INDArray bias = network.getParam("0_b").dup();
        network.getParam("0_b").assign(0);
        Dense layer = (Dense) network.getLayer(0).conf().getLayer();
        INDArray identity = Nd4j.eye(layer.getNIn()).castTo(bias.dataType());
        INDArray y = network.getLayer(0)
                .activate(identity, training, LayerWorkspaceMgr.noWorkspaces())
                .transpose()
                .dup('c');
        network.getParam("0_b").assign(bias);
        network.clear();
        return y;
    }
}
