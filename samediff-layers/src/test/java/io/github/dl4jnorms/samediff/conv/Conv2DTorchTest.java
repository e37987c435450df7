package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.samediff.Compare;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Conv2D against {@code src/test/python/conv2d.py}. */
class Conv2DTorchTest {

    private static final Map<String, INDArray> TORCH = Compare.npz("/conv/conv2d.npz");

    @ParameterizedTest
    @CsvSource({
        "pointwise",
        "pointwise_stride2",
        "same3x3",
        "stride2",
        "stem7x7",
        "dilated",
        "oblong",
        "even_kernel",
        "whole_image"
    })
    void isPyTorchs(String name) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            check(name, format, DataType.DOUBLE, 1e-12);
            check(name, format, DataType.FLOAT, 1e-5);
        }
    }

    private static void check(String name, CNN2DFormat format, DataType type, double tolerance) {
        INDArray x = array(name, "x", type);
        INDArray settings = TORCH.get(name + ".settings");
        Conv2D configuration = new Conv2D.Builder()
                .nOut(array(name, "bias", type).length())
                .kernel(settings.getRow(0).toIntVector())
                .stride(settings.getRow(1).toIntVector())
                .padding(settings.getRow(2).toIntVector())
                .dilation(settings.getRow(3).toIntVector())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(configuration)
                .setInputType(InputType.convolutional(x.size(2), x.size(3), x.size(1), format))
                .build());
        network.init();
        network.initGradientsView();
        Layer layer = network.getLayer(0);
        layer.getParam("W").assign(array(name, "weight", type));
        layer.getParam("b").assign(array(name, "bias", type));

        String what = name + " " + format + " " + type + " ";
        INDArray y = layer.activate(toLayout(x, format), true, LayerWorkspaceMgr.noWorkspaces());
        Compare.assertClose(what + "y", toNchw(y, format), array(name, "y", type), tolerance);
        Pair<Gradient, INDArray> back =
                layer.backpropGradient(toLayout(array(name, "dy", type), format), LayerWorkspaceMgr.noWorkspaces());
        Compare.assertClose(what + "dx", toNchw(back.getSecond(), format), array(name, "dx", type), tolerance);
        Gradient gradient = back.getFirst();
        Compare.assertClose(what + "dweight", gradient.getGradientFor("W"), array(name, "dweight", type), tolerance);
        Compare.assertClose(
                what + "dbias",
                gradient.getGradientFor("b").reshape(configuration.getNOut()),
                array(name, "dbias", type),
                tolerance);
    }

    private static INDArray array(String name, String key, DataType type) {
        return TORCH.get(name + "." + key).castTo(type);
    }

    private static INDArray toLayout(INDArray nchw, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? nchw : nchw.permute(0, 2, 3, 1).dup('c');
    }

    private static INDArray toNchw(INDArray array, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? array : array.permute(0, 3, 1, 2);
    }
}
