package io.github.dl4jnorms.weight;

import static io.github.dl4jnorms.Arrays.assertClose;

import io.github.dl4jnorms.Fixture;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
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

/** Training steps of parametrized linear layers against {@code src/test/python/make_weight_fixtures.py}. */
class DenseTorchTest {

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
        Fixture torch = Fixture.of("weight/linear-" + name);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (boolean composed : new boolean[] {false, true}) {
                try (ComposedForm form = ComposedForm.use(composed)) {
                    check(torch, PARAMETRIZATIONS.get(name), type);
                }
            }
        }
    }

    private static void check(Fixture torch, Parametrization parametrization, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(new Dense.Builder()
                        .nOut(4)
                        .parametrization(parametrization)
                        .build())
                .setInputType(InputType.feedForward(5))
                .build());
        network.init();
        network.initGradientsView();
        Layer layer = network.getLayer(0);
        layer.paramTable()
                .forEach((name, array) ->
                        array.assign(torch.get("start." + name, type).reshape(array.shape())));

        for (int step = 0; step < STEPS; step++) {
            INDArray y = layer.activate(torch.get("x" + step, type), true, LayerWorkspaceMgr.noWorkspaces());
            assertClose("y" + step, y, torch.get("y" + step, type));
            Pair<Gradient, INDArray> back =
                    layer.backpropGradient(torch.get("dy" + step, type), LayerWorkspaceMgr.noWorkspaces());
            assertClose("dx" + step, back.getSecond(), torch.get("dx" + step, type));
            for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
                String key = parameter.getKey() + step;
                INDArray array = parameter.getValue();
                if (torch.arrays().containsKey("d" + key)) {
                    INDArray gradient = back.getFirst().getGradientFor(parameter.getKey());
                    assertClose("d" + key, gradient, torch.get("d" + key, type).reshape(gradient.shape()));
                    array.subi(gradient.mul(RATE));
                }
                assertClose(key, array, torch.get(key, type).reshape(array.shape()));
            }
        }
        INDArray y = layer.activate(torch.get("xEval", type), false, LayerWorkspaceMgr.noWorkspaces());
        assertClose("yEval", y, torch.get("yEval", type));
    }
}
