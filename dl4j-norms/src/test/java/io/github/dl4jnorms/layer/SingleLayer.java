package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.toChannelsLast;

import io.github.dl4jnorms.Arrays;
import io.github.dl4jnorms.Fixture;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.function.Supplier;
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
import org.nd4j.linalg.factory.Nd4j;

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

    /** Compares a layer with PyTorch's, in both forms, float and double, all layouts, training and evaluation. */
    static void check(
            String fixture, Supplier<org.deeplearning4j.nn.conf.layers.Layer> configuration, String... parameters) {
        Fixture torch = Fixture.of(fixture);
        for (boolean composed : new boolean[] {false, true}) {
            for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
                for (boolean channelsLast : new boolean[] {false, true}) {
                    try (ComposedForm form = ComposedForm.use(composed)) {
                        SingleLayer layer = new SingleLayer(configuration.get(), torch.get("x", type), channelsLast)
                                .with(torch, type, parameters);
                        layer.check(torch, type, "", true);
                        layer.check(torch, type, "", false);
                    }
                }
            }
        }
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

    /** Takes from a fixture the parameters and buffers that it has. */
    SingleLayer with(Fixture torch, DataType type, String... names) {
        for (String name : names) {
            layer.setParam(name, parameterToLayout(torch.get(name, type)));
        }
        return this;
    }

    INDArray get(String parameter) {
        return layer.getParam(parameter);
    }

    INDArray forward(INDArray x, boolean training) {
        return toChannelsFirst(layer.activate(toLayout(x), training, LayerWorkspaceMgr.noWorkspaces()));
    }

    /** Runs forward and backward on a fixture's arrays with this suffix and compares everything that comes out. */
    void check(Fixture torch, DataType type, String suffix, boolean training) {
        torch.check("y" + suffix, forward(torch.get("x" + suffix, type), training));
        Pair<Gradient, INDArray> back =
                layer.backpropGradient(toLayout(torch.get("dy" + suffix, type)), LayerWorkspaceMgr.noWorkspaces());
        torch.check("dx" + suffix, toChannelsFirst(back.getSecond()));
        for (String parameter : new String[] {"gamma", "beta"}) {
            String gradient = "d" + parameter + suffix;
            if (torch.has(gradient)) {
                torch.check(gradient, parameterToChannelsFirst(back.getFirst().getGradientFor(parameter)));
            }
        }
    }

    /** As {@link #toLayout}, for a parameter of an example's shape. */
    private INDArray parameterToLayout(INDArray parameter) {
        return example(toLayout(batch(parameter)));
    }

    private INDArray parameterToChannelsFirst(INDArray parameter) {
        return example(toChannelsFirst(batch(parameter)));
    }

    private static INDArray batch(INDArray example) {
        return Nd4j.expandDims(example, 0);
    }

    private static INDArray example(INDArray batch) {
        return Nd4j.squeeze(batch, 0);
    }

    private INDArray toLayout(INDArray x) {
        return channelsLast ? toChannelsLast(x) : x;
    }

    private INDArray toChannelsFirst(INDArray x) {
        return channelsLast ? Arrays.toChannelsFirst(x) : x;
    }
}
