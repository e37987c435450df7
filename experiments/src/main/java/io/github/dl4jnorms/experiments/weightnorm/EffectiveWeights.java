package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.weight.Dense;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights that the {@link Dense} layers of a network compute with, in place of which their parametrizations keep others.
 * They are observed, not computed anew: the outputs for the unit vectors of copies that have neither bias nor activation.
 */
final class EffectiveWeights {
    private record Copy(Layer original, MultiLayerNetwork linear) {
        static Copy of(Layer original) {
            Dense configuration = (Dense) original.conf().getLayer().clone();
            configuration.setActivation(Activation.IDENTITY);
            MultiLayerNetwork linear = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .list()
                    .layer(configuration)
                    .build());
            linear.init();
            return new Copy(original, linear);
        }

        INDArray weight(boolean training) {
            linear.params().assign(original.params());
            linear.getParam("0_b").assign(0);
            Layer layer = linear.getLayer(0);
            long inputs = ((Dense) layer.conf().getLayer()).getNIn();
            INDArray unitVectors = Nd4j.eye(inputs).castTo(DataType.DOUBLE);
            return layer.activate(unitVectors, training, LayerWorkspaceMgr.noWorkspaces())
                    .transpose()
                    .dup('c');
        }
    }

    private final List<Copy> copies;

    EffectiveWeights(MultiLayerNetwork network) {
        copies = Stream.of(network.getLayers()).map(Copy::of).toList();
    }

    /**
     * {@code [out, in]} of each layer.
     *
     * @param training what the next step of training would compute with, else what evaluation computes with
     */
    List<INDArray> get(boolean training) {
        return copies.stream().map(copy -> copy.weight(training)).toList();
    }
}
