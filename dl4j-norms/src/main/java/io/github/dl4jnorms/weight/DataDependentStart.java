package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The data-dependent start of weight normalization (<a href="https://arxiv.org/abs/1602.07868">Salimans and Kingma, 2016</a>,
 * section 3): from the first layer to the last, g and the bias are set so that, over a batch, each output channel has mean 0
 * and standard deviation 1 before the activation.
 *
 * <p>It sets every layer of a network whose parametrization is a {@link WeightNorm}, which takes a length per output
 * ({@code dim} 0, or 1 for a transposed convolution) and a bias. Other layers are left as they are.
 */
public final class DataDependentStart {

    private DataDependentStart() {}

    /** Starts an initialized network. */
    public static void apply(MultiLayerNetwork network, INDArray batch) {
        apply(List.of(network.getLayers()), () -> {
            network.setInput(batch);
            network.feedForward(false, false);
        });
        network.clear();
    }

    /** Starts an initialized network. */
    public static void apply(ComputationGraph network, INDArray... batch) {
        GraphVertex[] vertices = network.getVertices();
        List<Layer> layers = Arrays.stream(network.topologicalSortOrder())
                .mapToObj(i -> vertices[i].getLayer())
                .filter(Objects::nonNull)
                .toList();
        apply(layers, () -> network.feedForward(batch, false, false));
        network.clear();
    }

    private static void apply(List<Layer> layers, Runnable feedForward) {
        for (Layer layer : layers) {
            if (layer.conf().getLayer() instanceof ParametrizedLayer configuration
                    && configuration.getParametrization() instanceof WeightNorm norm) {
                feedForward.run();
                start(layer, configuration, norm);
            }
        }
    }

    private static void start(Layer layer, ParametrizedLayer configuration, WeightNorm norm) {
        if (norm.dim() == null || norm.dim() != configuration.outputDimension()) {
            throw new IllegalArgumentException("network: takes weight norms of dim " + configuration.outputDimension()
                    + ", one length per output, received " + norm + " in layer " + configuration.getLayerName());
        }
        if (!configuration.isBias()) {
            throw new IllegalArgumentException("network: takes weight-normalized layers with a bias, received layer "
                    + configuration.getLayerName() + " without");
        }
        BatchStatistics statistics = Norms.batchStatistics(channelsFirst(linear(layer, configuration), configuration));
        if (statistics.variance().minNumber().doubleValue() == 0) {
            throw new IllegalArgumentException("batch: takes examples that differ in every output channel of layer "
                    + configuration.getLayerName() + ", received a batch with a constant one");
        }
        INDArray deviation = Transforms.sqrt(statistics.variance());
        INDArray g = layer.getParam(WeightNorm.length(ParametrizedLayer.WEIGHT));
        g.divi(deviation.reshape(g.shape()));
        layer.getParam(ParametrizedLayer.BIAS).subi(statistics.mean()).divi(deviation);
    }

    /** The layer's output without its activation: from a layer of its own with the same parameters. */
    private static INDArray linear(Layer layer, ParametrizedLayer configuration) {
        ParametrizedLayer linear = (ParametrizedLayer) configuration.clone();
        linear.setActivation(Activation.IDENTITY);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(layer.input().dataType())
                .list()
                .layer(linear)
                .build());
        network.init(layer.params(), true);
        return network.getLayer(0).activate(layer.input(), false, LayerWorkspaceMgr.noWorkspaces());
    }

    private static INDArray channelsFirst(INDArray y, ParametrizedLayer configuration) {
        int rank = y.rank();
        int channels = configuration.channelDimension(rank);
        IntStream others = IntStream.range(1, rank).filter(i -> i != channels);
        return y.permute(IntStream.concat(IntStream.of(0, channels), others).toArray());
    }
}
