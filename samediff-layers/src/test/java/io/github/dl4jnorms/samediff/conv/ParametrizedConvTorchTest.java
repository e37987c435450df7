package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.samediff.Compare;
import io.github.dl4jnorms.weight.Parametrization;
import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;
import io.github.dl4jnorms.weight.WeightStandardization;
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

/**
 * Training steps of parametrized and of transposed convolutions against {@code make_weight_fixtures.py} in dl4j-norms'
 * {@code src/test/python}.
 */
class ParametrizedConvTorchTest {

    private static final int STEPS = 3;
    private static final double RATE = 0.1;

    private static final Map<String, Parametrization> PARAMETRIZATIONS = Map.of(
            "none", Parametrization.none(),
            "weight-0", new WeightNorm(),
            "weight-1", new WeightNorm(1),
            "weight-all", WeightNorm.ofWhole(),
            "spectral-default", new SpectralNorm(),
            "spectral-0", new SpectralNorm(3).withDim(0),
            "spectral-1", new SpectralNorm(3).withDim(1),
            "standardized", new WeightStandardization(),
            "standardized-scaled", WeightStandardization.ofNfNet());

    @ParameterizedTest
    @CsvSource({
        "none",
        "weight-0",
        "weight-1",
        "weight-all",
        "spectral-default",
        "spectral-0",
        "spectral-1",
        "standardized",
        "standardized-scaled"
    })
    void isPyTorchs(String name) {
        Parametrization parametrization = PARAMETRIZATIONS.get(name);
        check("conv-" + name, shaped(new Conv2D.Builder()).parametrization(parametrization));
        check("transposed-" + name, shaped(new ConvTranspose2D.Builder()).parametrization(parametrization));
    }

    private static <T extends KernelLayer.Builder<T>> T shaped(T builder) {
        return builder.nOut(4).kernel(3, 2).stride(2, 1).padding(1, 0).dilation(1, 2);
    }

    @ParameterizedTest
    @CsvSource({"near, 2, 1, 1, 0", "far, 0, 1, 2, 1"})
    void outputPaddingIsPyTorchs(String name, int ph, int pw, int oh, int ow) {
        check(
                "transposed-" + name,
                new ConvTranspose2D.Builder()
                        .nOut(4)
                        .kernel(4, 3)
                        .stride(3, 2)
                        .padding(ph, pw)
                        .outputPadding(oh, ow));
    }

    private static void check(String fixture, KernelLayer.Builder<?> builder) {
        Map<String, INDArray> torch = Compare.npz("/conv/weight/" + fixture + ".npz");
        for (CNN2DFormat format : CNN2DFormat.values()) {
            check(fixture + " " + format, torch, builder, format, DataType.DOUBLE, 1e-11);
            check(fixture + " " + format, torch, builder, format, DataType.FLOAT, 3e-5);
        }
    }

    private static void check(
            String what,
            Map<String, INDArray> torch,
            KernelLayer.Builder<?> builder,
            CNN2DFormat format,
            DataType type,
            double tolerance) {
        INDArray first = torch.get("x0");
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(builder.<org.deeplearning4j.nn.conf.layers.Layer>build())
                .setInputType(InputType.convolutional(first.size(2), first.size(3), first.size(1), format))
                .build());
        network.init();
        network.initGradientsView();
        Layer layer = network.getLayer(0);
        layer.paramTable()
                .forEach((name, array) ->
                        array.assign(torch.get("start." + name).castTo(type).reshape(array.shape())));
        for (int step = 0; step < STEPS; step++) {
            INDArray x = toLayout(torch.get("x" + step).castTo(type), format);
            INDArray y = layer.activate(x, true, LayerWorkspaceMgr.noWorkspaces());
            Compare.assertClose(what + " y" + step, toNchw(y, format), torch.get("y" + step), tolerance);
            INDArray dy = toLayout(torch.get("dy" + step).castTo(type), format);
            Pair<Gradient, INDArray> back = layer.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces());
            Compare.assertClose(
                    what + " dx" + step, toNchw(back.getSecond(), format), torch.get("dx" + step), tolerance);
            for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
                String key = parameter.getKey() + step;
                INDArray array = parameter.getValue();
                if (torch.containsKey("d" + key)) {
                    INDArray gradient = back.getFirst().getGradientFor(parameter.getKey());
                    Compare.assertClose(
                            what + " d" + key, gradient, torch.get("d" + key).reshape(gradient.shape()), tolerance);
                    array.subi(gradient.mul(RATE));
                }
                Compare.assertClose(what + " " + key, array, torch.get(key).reshape(array.shape()), tolerance);
            }
        }
        INDArray x = toLayout(torch.get("xEval").castTo(type), format);
        INDArray y = layer.activate(x, false, LayerWorkspaceMgr.noWorkspaces());
        Compare.assertClose(what + " yEval", toNchw(y, format), torch.get("yEval"), tolerance);
    }

    private static INDArray toLayout(INDArray nchw, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? nchw : nchw.permute(0, 2, 3, 1).dup('c');
    }

    private static INDArray toNchw(INDArray array, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? array : array.permute(0, 3, 1, 2);
    }
}
