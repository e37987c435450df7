package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A decoder that begins as the encoder's mirror image: each convolution is the transpose of the one that it mirrors, as if the
 * two had tied weights (Vincent et al., <a href="https://www.jmlr.org/papers/v11/vincent10a.html">2010</a>), and over a batch of
 * images each of its channels has mean 1 and deviation 1, as {@link RandomVgg} does it; where there is a
 * norm its parameters and BatchNorm's statistics do that, so that all norms begin alike. The last convolution, which makes the
 * colours, has the weights of least squares.
 */
final class MirroredStart {

    /** Added to the Gram matrix, as a share of its diagonal: neighbouring pixels are nearly the same. */
    private static final double RIDGE = 0.1;

    private static final int TAPS = Patches.TAPS;

    private final ComputationGraph decoder;
    private final INDArray images;
    private final INDArray features;

    /**
     * @param decoder from relu4_1 to the image
     * @param images {@code [N, 3, H, W]}, RGB, from 0 to 1, H and W multiples of 8
     */
    MirroredStart(ComputationGraph decoder, Vgg19 encoder, INDArray images) {
        this.decoder = decoder;
        this.images = images;
        this.features = encoder.encode(images, Vgg19.RELU4_1).get(Vgg19.RELU4_1);
    }

    /** @param mirrored the encoder's weight for each of the decoder's convolutions but the last, in the decoder's order */
    void apply(Map<String, INDArray> mirrored, String last) {
        INDArray x = features;
        for (Layer part : decoder.getLayers()) {
            String name = part.conf().getLayer().getLayerName();
            if (mirrored.containsKey(name)) {
                parameter(name, "W").assign(transpose(mirrored.get(name)));
                standardize(name, activate(part, x));
            } else if (name.equals(last)) {
                leastSquares(name, x);
            }
            x = activate(part, x);
        }
    }

    private static INDArray activate(Layer part, INDArray x) {
        return part.activate(x, false, LayerWorkspaceMgr.noWorkspaces());
    }

    private INDArray parameter(String layer, String name) {
        return decoder.getLayer(layer).getParam(name);
    }

    /** Inputs and outputs change places, and the kernels are turned by half a turn. */
    static INDArray transpose(INDArray weight) {
        INDArray swapped = weight.permute(1, 0, 2, 3).dup('c');
        float[] values = swapped.data().asFloat();
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i - i % TAPS + TAPS - 1 - i % TAPS] = values[i];
        }
        return Nd4j.create(turned, swapped.shape(), 'c');
    }

    private void standardize(String layer, INDArray output) {
        BatchStatistics statistics = Norms.batchStatistics(output);
        INDArray deviation = Transforms.sqrt(statistics.variance());
        INDArray weight = parameter(layer, "W");
        weight.assign(weight.div(deviation.reshape(deviation.length(), 1, 1, 1)));
        INDArray mean = statistics.mean().div(deviation);
        if (parameter(layer, "b") != null) {
            assign(layer, "b", mean.rsub(RandomVgg.MEAN));
        } else {
            assign(layer + "-norm", "beta", Nd4j.onesLike(mean).muli(RandomVgg.MEAN));
            assign(layer + "-norm", "mean", mean);
            assign(layer + "-norm", "variance", Nd4j.onesLike(mean));
        }
    }

    /** Does nothing if there is no such parameter: only BatchNorm has statistics of its own. */
    private void assign(String layer, String name, INDArray values) {
        INDArray parameter = parameter(layer, name);
        if (parameter != null) {
            parameter.assign(values.reshape(parameter.shape()));
        }
    }

    private void leastSquares(String layer, INDArray x) {
        LeastSquares squares = new LeastSquares(TAPS * x.size(1), images.size(1));
        for (long i = 0; i < x.size(0); i++) {
            squares.add(Patches.of(ImageArrays.example(x, i)), DecoderFit.matrix(ImageArrays.example(images, i)));
        }
        LeastSquares.Map map = squares.solve(RIDGE);
        INDArray weight = parameter(layer, "W");
        weight.assign(map.weight().reshape(weight.shape()));
        assign(layer, "b", map.bias());
    }
}
