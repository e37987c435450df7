package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.convert.NormSpec;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.Activation;

/** A convolution, its norm and its activation as neighbouring layers of a graph. */
public final class ConvNorm {

    private ConvNorm() {}

    /**
     * Adds the layers {@code NAME} and, unless there is nothing to do, {@code NAME-norm}. The convolution has a bias only
     * where no norm follows, which would take it away.
     *
     * @return the name of the last layer
     */
    public static String add(
            GraphBuilder graph, String name, String input, Conv2D.Builder conv, NormSpec norm, Activation activation) {
        graph.addLayer(name, conv.bias(norm.isNone()).build(), input);
        Optional<Layer> layer = norm.layer(activation);
        if (layer.isEmpty()) {
            return name;
        }
        graph.addLayer(name + "-norm", layer.get(), name);
        return name + "-norm";
    }
}
