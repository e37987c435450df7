package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;

import io.github.dl4jnorms.Fixture;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One layer in a network of its own, fed channels-first arrays whatever its layout. */
final class SingleLayer {

    private final Layer layer;
    private final boolean channelsLast;

    SingleLayer(org.deeplearning4j.nn.conf.layers.Layer configuration, INDArray x, boolean channelsLast) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(x.dataType())
                .list()
                .layer(configuration)
                .setInputType(inputType(x.shape(), channelsLast))
                .build());
        network.init();
        network.initGradientsView();
        this.layer = network.getLayer(0);
        this.channelsLast = channelsLast;
    }

    static InputType inputType(long[] s, boolean channelsLast) {
        return switch (s.length) {
            case 2 -> InputType.feedForward(s[1]);
            case 3 -> InputType.recurrent(s[1], s[2], channelsLast ? RNNFormat.NWC : RNNFormat.NCW);
            case 4 -> InputType.convolutional(s[2], s[3], s[1], channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
            case 5 ->
                InputType.convolutional3D(
                        channelsLast ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW,
                        s[2],
                        s[3],
                        s[4],
                        s[1]);
            default -> throw new IllegalArgumentException("rank " + s.length);
        };
    }

    void set(String parameter, INDArray value) {
        layer.setParam(parameter, value);
    }

    INDArray get(String parameter) {
        return layer.getParam(parameter);
    }

    INDArray forward(INDArray x, boolean training) {
        return toChannelsFirst(layer.activate(toLayout(x), training, LayerWorkspaceMgr.noWorkspaces()));
    }

    /** Runs forward and backward on a fixture's arrays with this suffix and compares everything that comes out. */
    void check(Fixture torch, DataType type, String suffix, boolean training) {
        INDArray y = forward(torch.get("x" + suffix, type), training);
        assertClose("y" + suffix, y, torch.get("y" + suffix, type));
        Pair<Gradient, INDArray> back =
                layer.backpropGradient(toLayout(torch.get("dy" + suffix, type)), LayerWorkspaceMgr.noWorkspaces());
        assertClose("dx" + suffix, toChannelsFirst(back.getSecond()), torch.get("dx" + suffix, type));
        for (String parameter : new String[] {"gamma", "beta"}) {
            assertClose(
                    "d" + parameter + suffix,
                    back.getFirst().getGradientFor(parameter),
                    torch.get("d" + parameter + suffix, type));
        }
    }

    private INDArray toLayout(INDArray x) {
        int rank = x.rank();
        return channelsLast && rank > 2
                ? x.permute(IntStream.range(0, rank)
                                .map(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1)
                                .toArray())
                        .dup('c')
                : x;
    }

    private INDArray toChannelsFirst(INDArray x) {
        int rank = x.rank();
        return channelsLast && rank > 2
                ? x.permute(IntStream.range(0, rank)
                        .map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1)
                        .toArray())
                : x;
    }
}
