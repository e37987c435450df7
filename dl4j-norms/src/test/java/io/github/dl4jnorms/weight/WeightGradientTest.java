package io.github.dl4jnorms.weight;

import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.DoublePrecision;
import io.github.dl4jnorms.layer.Flatten;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every gradient against finite differences, no parameter and no buffer left out. */
@ExtendWith(DoublePrecision.class)
class WeightGradientTest {

    record Case(Parametrization parametrization, InputType input, boolean bias, boolean composed) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<Parametrization> parametrizations = List.of(
                Parametrization.none(),
                new WeightNorm(),
                new WeightNorm(1),
                WeightNorm.ofWhole(),
                new SpectralNorm(),
                new SpectralNorm(2).withDim(1),
                SpectralNorm.bounded(),
                SpectralNorm.bounded(0.1).withDim(1),
                new WeightStandardization(),
                WeightStandardization.ofNfNet());
        for (Parametrization parametrization : parametrizations) {
            cases.add(new Case(parametrization, InputType.feedForward(3), true, false));
            cases.add(new Case(parametrization, InputType.feedForward(3), false, true));
        }
        for (RNNFormat format : RNNFormat.values()) {
            cases.add(new Case(new WeightNorm(), InputType.recurrent(3, 2, format), true, false));
            cases.add(new Case(SpectralNorm.bounded(), InputType.recurrent(3, 2, format), false, false));
        }
        return cases;
    }

    /** Two layers, so that the gradient with respect to the second's input is checked, too. */
    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsRight(Case c) {
        try (ComposedForm form = ComposedForm.use(c.composed())) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(5)
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .list()
                    .layer(layer(c).nOut(3).activation(Activation.TANH).build())
                    .layer(layer(c).nOut(2).build())
                    .layer(new Flatten())
                    .layer(new LossLayer.Builder(LossFunction.MSE)
                            .activation(Activation.IDENTITY)
                            .build())
                    .setInputType(c.input())
                    .build());
            network.init();
            long[] shape = c.input().getShape(true);
            shape[0] = 4;
            INDArray x = random(1, DataType.DOUBLE, shape);
            INDArray labels = random(2, DataType.DOUBLE, network.output(x).shape());
            network.setInput(x);
            network.setLabels(labels);
            boolean iterated = c.parametrization() instanceof SpectralNorm spectral
                    && (spectral.tolerance() == null || !c.composed());
            for (int i = 0; iterated && i < 80; i++) {
                network.computeGradientAndScore(); // u and v converge
            }
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(x)
                            .labels(labels)
                            .print(PrintMode.FAILURES_ONLY)
                            .maxRelError(1e-5)))
                    .isTrue();
        }
    }

    private static Dense.Builder layer(Case c) {
        return new Dense.Builder().bias(c.bias()).biasInit(0.1).parametrization(c.parametrization());
    }
}
