package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.ByHand;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Ten steps of training. */
class BatchNormTrainingTest {

    private static final int STEPS = 10;
    private static final int C = 4;

    /** Our statistics are exact; DL4J's travel to the parameters through the gradient. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainsAsDL4JsBatchNormalization(boolean convolutional) {
        MultiLayerNetwork theirs = network(
                convolutional,
                new BatchNormalization.Builder()
                        .eps(1e-5)
                        .decay(0.9)
                        .useLogStd(false)
                        .build());
        MultiLayerNetwork ours =
                network(convolutional, new BatchNorm.Builder().unbiased(false).build());
        ours.setParams(theirs.params());
        for (int step = 0; step < STEPS; step++) {
            INDArray x =
                    convolutional ? random(step, DataType.DOUBLE, 6, 2, 5, 5) : random(step, DataType.DOUBLE, 6, 3);
            INDArray labels = random(100 + step, DataType.DOUBLE, 6, 2);
            theirs.fit(x, labels);
            ours.fit(x, labels);
            assertClose("parameters and statistics after step " + step, ours.params(), theirs.params());
            assertClose("evaluation after step " + step, ours.output(x), theirs.output(x));
        }
    }

    private static MultiLayerNetwork network(boolean convolutional, Layer norm) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .seed(1)
                .list()
                .layer(
                        convolutional
                                ? new ConvolutionLayer.Builder(2, 2).nOut(C).build()
                                : new DenseLayer.Builder().nOut(C).build())
                .layer(norm)
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .setInputType(convolutional ? InputType.convolutional(5, 5, 2) : InputType.feedForward(3))
                .build());
        network.init();
        return network;
    }

    static List<UnaryOperator<NeuralNetConfiguration.Builder>> optimizers() {
        return List.of(
                b -> b.updater(new Sgd(0.1)),
                b -> b.updater(new Adam(0.01)),
                b -> b.updater(new Nesterovs(0.1, 0.9)),
                b -> b.updater(new Adam(0.01)).biasUpdater(new Sgd(0.1)),
                b -> b.updater(new Adam(0.01)).l2(0.1).l1(0.1),
                b -> b.updater(new Adam(0.01)).weightDecay(0.1).l2Bias(0.1).l1Bias(0.1),
                b -> b.gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(1e-3),
                b -> b.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                        .gradientNormalizationThreshold(1e-3),
                b -> b.gradientNormalization(GradientNormalization.RenormalizeL2PerLayer),
                b -> b.gradientNormalization(GradientNormalization.RenormalizeL2PerParamType));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void runningStatisticsAreNobodysBusinessButTheLayers(UnaryOperator<NeuralNetConfiguration.Builder> optimizer) {
        MultiLayerNetwork network = new MultiLayerNetwork(optimizer
                .apply(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE))
                .list()
                .layer(new BatchNorm.Builder().build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(C))
                .build());
        network.init();
        INDArray mean = Nd4j.zeros(DataType.DOUBLE, C);
        INDArray variance = Nd4j.ones(DataType.DOUBLE, C);
        for (int step = 0; step < STEPS; step++) {
            int n = 5 + step;
            INDArray x = random(step, DataType.DOUBLE, n, C);
            network.fit(x, random(100 + step, DataType.DOUBLE, n, 2));
            BatchStatistics batch = ByHand.batchStatistics(x);
            mean = mean.mul(0.9).add(batch.mean().mul(0.1));
            variance = variance.mul(0.9).add(batch.variance().mul(0.1 * n / (n - 1)));
        }
        assertClose("running mean", network.getParam("0_mean"), mean);
        assertClose("running variance", network.getParam("0_variance"), variance);
    }
}
