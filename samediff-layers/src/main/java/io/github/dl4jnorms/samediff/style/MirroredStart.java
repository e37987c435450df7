package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A decoder that begins as the encoder's mirror image: each convolution is the transpose of the one that it mirrors, as if the
 * two had tied weights (Vincent et al., <a href="https://www.jmlr.org/papers/v11/vincent10a.html">2010</a>), and over a batch of
 * images each of its channels has mean 1 and deviation 1, as {@link RandomVgg} does it. The last convolution, which makes the
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
        mirrored.forEach((layer, weight) -> {
            parameter(layer, "W").assign(transpose(weight));
            standardize(layer);
        });
        leastSquares(last);
    }

    private INDArray parameter(String layer, String name) {
        return decoder.getLayer(layer).getParam(name);
    }

    /** What a layer gets as it is now. */
    private INDArray input(String layer) {
        String from = decoder.getConfiguration().getVertexInputs().get(layer).get(0);
        return decoder.feedForward(new INDArray[] {features}, false).get(from);
    }

    /** What a layer makes of it: by itself, as an activation layer behind it would overwrite that. */
    private INDArray output(String layer) {
        return decoder.getLayer(layer).activate(input(layer), false, LayerWorkspaceMgr.noWorkspaces());
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

    private void standardize(String layer) {
        BatchStatistics statistics = Norms.batchStatistics(output(layer));
        INDArray deviation = Transforms.sqrt(statistics.variance());
        INDArray weight = parameter(layer, "W");
        weight.assign(weight.div(deviation.reshape(deviation.length(), 1, 1, 1)));
        INDArray bias = parameter(layer, "b");
        if (bias != null) { // a norm takes it away
            bias.assign(statistics.mean().div(deviation).rsub(RandomVgg.MEAN).reshape(bias.shape()));
        }
    }

    private void leastSquares(String layer) {
        INDArray x =
                output(decoder.getConfiguration().getVertexInputs().get(layer).get(0));
        LeastSquares squares = new LeastSquares(TAPS * x.size(1), images.size(1));
        for (long i = 0; i < x.size(0); i++) {
            squares.add(Patches.of(ImageArrays.example(x, i)), DecoderFit.matrix(ImageArrays.example(images, i)));
        }
        LeastSquares.Map map = squares.solve(RIDGE);
        INDArray weight = parameter(layer, "W");
        weight.assign(map.weight().reshape(weight.shape()));
        INDArray bias = parameter(layer, "b");
        bias.assign(map.bias().reshape(bias.shape()));
    }
}
