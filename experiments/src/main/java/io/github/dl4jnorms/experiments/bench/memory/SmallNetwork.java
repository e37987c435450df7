package io.github.dl4jnorms.experiments.bench.memory;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.InstanceNorm;
import io.github.dl4jnorms.layer.LayerNorm;
import io.github.dl4jnorms.layer.RMSNorm;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A convolution before each of the norms. */
final class SmallNetwork {
    private static final int SIZE = 24;
    private static final int CHANNELS = 32;
    private static final int CLASSES = 10;
    private static final int BATCH = 8;

    private SmallNetwork() {}

    static ComputationGraph of(long seed) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Nesterovs(0.01, 0.9))
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(SIZE, SIZE, 3));
        Layer[] norms = {
            new BatchNorm.Builder().build(),
            new GroupNorm.Builder().groups(8).build(),
            new InstanceNorm.Builder().build(),
            new LayerNorm.Builder().build(),
            new RMSNorm.Builder().build()
        };
        String last = "image";
        for (int i = 0; i < norms.length; i++) {
            graph.addLayer(
                            "conv" + i,
                            new Conv2D.Builder()
                                    .nOut(CHANNELS)
                                    .kernel(3)
                                    .padding(1)
                                    .build(),
                            last)
                    .addLayer("norm" + i, norms[i], "conv" + i);
            last = "norm" + i;
        }
        ComputationGraph network = new ComputationGraph(
                graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last)
                        .addLayer(
                                "class",
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(CLASSES)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "pool")
                        .setOutputs("class")
                        .build());
        network.init();
        return network;
    }

    static DataSet batch(long seed) {
        Nd4j.getRandom().setSeed(seed);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, CLASSES);
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, i, 1);
        }
        return new DataSet(Nd4j.randn(DataType.FLOAT, BATCH, 3, SIZE, SIZE), labels);
    }
}
