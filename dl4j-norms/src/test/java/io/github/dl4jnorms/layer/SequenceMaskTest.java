package io.github.dl4jnorms.layer;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.ByHand;
import io.github.dl4jnorms.DoublePrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sequences of several lengths, padded with noise, beside the same sequences without padding. */
@ExtendWith(DoublePrecision.class)
class SequenceMaskTest {

    private static final int C = 4;
    private static final int T = 6;
    private static final int[] LENGTHS = {6, 3, 1};
    private static final int N = LENGTHS.length;

    private final INDArray x = random(1, DataType.DOUBLE, N, C, T);
    private final INDArray mask = Nd4j.zeros(DataType.DOUBLE, N, T);

    SequenceMaskTest() {
        for (int n = 0; n < N; n++) {
            for (int t = 0; t < LENGTHS[n]; t++) {
                mask.putScalar(n, t, 1);
            }
        }
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (RNNFormat format : RNNFormat.values()) {
            Stream.of(
                            new BatchNorm.Builder().build(),
                            new GroupNorm.Builder().groups(2).build(),
                            new InstanceNorm.Builder().build(),
                            new LayerNorm.Builder().build())
                    .forEach(norm -> cases.add(Arguments.of(norm, format)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void areNormalizedAsWithoutPaddingWhichComesOutAsZero(NormLayer norm, RNNFormat format) {
        if (norm instanceof LayerNorm) {
            return; // its time steps do not see each other: padding is as good as another
        }
        MultiLayerNetwork network = network(format, norm);
        INDArray y = normalized(network, format, true);
        INDArray expected = Nd4j.zeros(DataType.DOUBLE, N, C, T);
        BatchStatistics batch = ByHand.batchStatistics(steps());
        for (int n = 0; n < N; n++) {
            INDArray sequence = sequence(x, n).dup();
            INDArray own = norm instanceof BatchNorm
                    ? ByHand.batchNorm(sequence, batch.mean(), batch.variance(), null, null, 1e-5)
                    : ByHand.groupNorm(sequence, norm instanceof GroupNorm ? 2 : C, null, null, 1e-5);
            sequence(expected, n).assign(own);
        }
        assertClose("training", y, expected);
        if (!(norm instanceof BatchNorm)) {
            assertClose("evaluation", normalized(network, format, false), expected);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void runningStatisticsAreThoseOfTheTimeStepsThatCount(NormLayer norm, RNNFormat format) {
        if (!(norm instanceof BatchNorm)) {
            return;
        }
        MultiLayerNetwork network = network(format, norm);
        network.setLayerMaskArrays(mask, mask);
        network.setInput(toFormat(x, format));
        network.setLabels(toFormat(x, format));
        network.computeGradientAndScore();
        BatchStatistics batch = ByHand.batchStatistics(steps());
        int count = 6 + 3 + 1;
        assertClose("mean", network.getParam("0_mean"), batch.mean().mul(0.1));
        INDArray variance = batch.variance().mul(0.1 * count / (count - 1)).add(0.9);
        assertClose("variance", network.getParam("0_variance"), variance);

        INDArray expected = Nd4j.zeros(DataType.DOUBLE, N, C, T);
        for (int n = 0; n < N; n++) {
            sequence(expected, n)
                    .assign(ByHand.batchNorm(sequence(x, n).dup(), batch.mean().mul(0.1), variance, null, null, 1e-5));
        }
        assertClose("evaluation", normalized(network, format, false), expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradient(NormLayer norm, RNNFormat format) {
        MultiLayerNetwork network = network(format, new Multiply(), norm);
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(toFormat(x, format))
                        .labels(toFormat(random(2, DataType.DOUBLE, N, C, T), format))
                        .inputMask(mask)
                        .labelMask(mask)
                        .print(PrintMode.FAILURES_ONLY)
                        .maxRelError(1e-5)))
                .isTrue();
    }

    /** Two sequences of three steps, in three steps and padded to six. */
    @ParameterizedTest
    @MethodSource("cases")
    void paddingChangesNeitherTrainingNorOutput(NormLayer norm, RNNFormat format) {
        INDArray labels = random(3, DataType.DOUBLE, 2, 2, T);
        INDArray half = upTo(random(4, DataType.DOUBLE, 2, C, T), 3);
        INDArray padded = random(5, DataType.DOUBLE, 2, C, T);
        upTo(padded, 3).assign(half);
        INDArray ones = Nd4j.zeros(DataType.DOUBLE, 2, T);
        ones.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 3)).assign(1);
        MultiLayerNetwork without = recurrent(format, norm);
        MultiLayerNetwork with = recurrent(format, (NormLayer) norm.clone());
        with.setParams(without.params());
        for (int step = 0; step < 3; step++) {
            without.fit(toFormat(half.dup(), format), toFormat(upTo(labels, 3).dup(), format));
            with.fit(toFormat(padded, format), toFormat(labels, format), ones, ones);
            assertClose("parameters", with.params(), without.params());
        }
        INDArray y = toFormat(with.output(toFormat(padded, format), false, ones, ones), format);
        assertClose("output", upTo(y, 3).dup(), toFormat(without.output(toFormat(half.dup(), format)), format));
    }

    private static INDArray upTo(INDArray x, int steps) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, steps));
    }

    /** The layer's output for x, channels first. */
    private INDArray normalized(MultiLayerNetwork network, RNNFormat format, boolean training) {
        network.setLayerMaskArrays(mask, mask);
        return toFormat(network.feedForward(toFormat(x, format), training).get(1), format);
    }

    /** Every time step that counts, [steps, C]. */
    private INDArray steps() {
        List<INDArray> steps = new ArrayList<>();
        for (int n = 0; n < N; n++) {
            for (int t = 0; t < LENGTHS[n]; t++) {
                steps.add(x.get(NDArrayIndex.point(n), NDArrayIndex.all(), NDArrayIndex.point(t))
                        .dup()
                        .reshape(1, C));
            }
        }
        return Nd4j.concat(0, steps.toArray(new INDArray[0]));
    }

    private static INDArray sequence(INDArray x, int n) {
        return x.get(NDArrayIndex.interval(n, n + 1), NDArrayIndex.all(), NDArrayIndex.interval(0, LENGTHS[n]));
    }

    /** Between channels first and the format's order, which is the same both ways. */
    private static INDArray toFormat(INDArray x, RNNFormat format) {
        return format == RNNFormat.NWC ? x.permute(0, 2, 1).dup('c') : x;
    }

    private static MultiLayerNetwork network(RNNFormat format, org.deeplearning4j.nn.conf.layers.Layer... layers) {
        NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list();
        for (org.deeplearning4j.nn.conf.layers.Layer layer : layers) {
            builder.layer(layer);
        }
        RnnOutputLayer loss = new RnnOutputLayer.Builder(LossFunction.MSE)
                .nOut(C)
                .activation(Activation.IDENTITY)
                .dataFormat(format)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(builder.layer(loss)
                .setInputType(InputType.recurrent(C, T, format))
                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork recurrent(RNNFormat format, NormLayer norm) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .seed(1)
                .list()
                .layer(new LSTM.Builder().nOut(C).dataFormat(format).build())
                .layer(norm)
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(C, -1, format))
                .build());
        network.init();
        return network;
    }
}
