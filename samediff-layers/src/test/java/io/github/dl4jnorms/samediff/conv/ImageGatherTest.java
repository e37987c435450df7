package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.samediff.Compare;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reflection padding and upsampling, fused (floats) and composed (doubles), against {@code src/test/python/image_gather.py}. */
class ImageGatherTest {

    private static final Map<String, INDArray> TORCH = Compare.npz("/conv/image_gather.npz");

    @ParameterizedTest
    @ValueSource(strings = {"same3x3", "smallest", "oblong", "rows_only", "columns_only"})
    void convolutionsAreReflectedAsPyTorchs(String name) {
        INDArray weight = TORCH.get(name + ".weight");
        Conv2D layer = new Conv2D.Builder()
                .nOut(weight.size(0))
                .kernel((int) weight.size(2), (int) weight.size(3))
                .padding(TORCH.get(name + ".padding").toIntVector())
                .paddingMode(PaddingMode.REFLECT)
                .build();
        check(name, layer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"twice", "oblong_scale"})
    void imagesAreUpsampledAsPyTorchs(String name) {
        check(
                name,
                new Upsample2D.Builder()
                        .scale(TORCH.get(name + ".scale").toIntVector())
                        .build());
    }

    private static void check(String name, Layer configuration) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            check(name, configuration, format, DataType.DOUBLE, 1e-12);
            check(name, configuration, format, DataType.FLOAT, 1e-5);
        }
    }

    private static void check(String name, Layer configuration, CNN2DFormat format, DataType type, double tolerance) {
        INDArray x = array(name, "x", type);
        MultiLayerNetwork network =
                network(configuration.clone(), InputType.convolutional(x.size(2), x.size(3), x.size(1), format), type);
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        if (TORCH.containsKey(name + ".weight")) {
            layer.getParam("W").assign(array(name, "weight", type));
            layer.getParam("b").assign(array(name, "bias", type));
        }
        String what = name + " " + format + " " + type + " ";
        INDArray y = layer.activate(toLayout(x, format), true, LayerWorkspaceMgr.noWorkspaces());
        Compare.assertClose(what + "y", toNchw(y, format), array(name, "y", type), tolerance);
        Pair<Gradient, INDArray> back =
                layer.backpropGradient(toLayout(array(name, "dy", type), format), LayerWorkspaceMgr.noWorkspaces());
        Compare.assertClose(what + "dx", toNchw(back.getSecond(), format), array(name, "dx", type), tolerance);
        if (TORCH.containsKey(name + ".weight")) {
            INDArray weight = back.getFirst().getGradientFor("W");
            Compare.assertClose(what + "dweight", weight, array(name, "dweight", type), tolerance);
        }
    }

    private static MultiLayerNetwork network(Layer layer, InputType input, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(layer)
                .setInputType(input)
                .build());
        network.init();
        network.initGradientsView();
        return network;
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

    /** Large enough for more than one thread. */
    @Test
    void everyPixelOfALargeImageIsThere() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 101, 67);
        Upsample2D layer = new Upsample2D.Builder().scale(3, 2).build();
        INDArray y = network(layer, InputType.convolutional(101, 67, 3), DataType.FLOAT)
                .output(x);
        for (int i = 0; i < 303; i++) {
            for (int j = 0; j < 134; j++) {
                assertThat(y.getFloat(1, 2, i, j)).isEqualTo(x.getFloat(1, 2, i / 3, j / 2));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreRight(CNN2DFormat format) {
        GradientCheck.of(new Upsample2D.Builder().scale(2, 3).build())
                .input(InputType.convolutional(3, 2, 2, format))
                .assertPasses();
        GradientCheck.of(new Conv2D.Builder()
                        .nOut(2)
                        .kernel(3)
                        .stride(2, 1)
                        .padding(1, 2)
                        .paddingMode(PaddingMode.REFLECT)
                        .build())
                .input(InputType.convolutional(4, 3, 2, format))
                .assertPasses();
    }

    @ParameterizedTest
    @CsvSource({"1, 5, height 1", "5, 1, width 1"})
    void anImageTooSmallToBeReflectedIsRefused(int height, int width, String side) {
        String message = "padding: reflection takes less than the input's " + side + ", received 1 (layer ";
        Conv2D layer = new Conv2D.Builder()
                .nOut(2)
                .kernel(3)
                .padding(1)
                .paddingMode(PaddingMode.REFLECT)
                .build();
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(height, width, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
        MultiLayerNetwork network = network(layer, InputType.convolutional(4, 4, 3), DataType.FLOAT);
        assertThatThrownBy(() -> network.output(Nd4j.ones(1, 3, height, width)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void surviveJson() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new Upsample2D.Builder().scale(3, 1).build())
                .layer(new Conv2D.Builder()
                        .nOut(2)
                        .kernel(3)
                        .padding(1)
                        .paddingMode(PaddingMode.REFLECT)
                        .frozen(true)
                        .build())
                .setInputType(InputType.convolutional(4, 4, 3))
                .build();
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(copy).isEqualTo(configuration);
        for (int i = 0; i < 2; i++) {
            assertThat(copy.getConf(i).getLayer())
                    .hasSameHashCodeAs(configuration.getConf(i).getLayer());
        }
    }

    @Test
    void upsamplingRefusesWhatItCannotDo() {
        assertThatThrownBy(() -> new Upsample2D.Builder().scale(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scale: takes one or two numbers of at least 1, received [0]");
        assertThatThrownBy(() -> new Upsample2D.Builder().build().getOutputType(0, InputType.feedForward(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputType: Upsample2D takes convolutional input");
    }
}
