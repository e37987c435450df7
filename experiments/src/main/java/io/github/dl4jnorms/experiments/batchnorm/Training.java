package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A trained network, and what the statistics of its second norm were on the way.
 *
 * @param network the network
 * @param steps   one for each batch
 */
record Training(MultiLayerNetwork network, List<Step> steps) {
    /** The channel whose statistics are kept. */
    static final int CHANNEL = 0;

    private static final int NORM = SpiralNetwork.NORMS[1];

    /**
     * The statistics around one step.
     *
     * @param loss    before the step
     * @param batch   of the batch
     * @param running after it was counted in
     * @param all     of all training points, by the same weights as the batch's
     */
    record Step(double loss, Point batch, Point running, Point all, double batchError, double runningError) {}

    /** Mean and unbiased variance of one channel. */
    record Point(double mean, double variance) {}

    static Training run(BatchnormSettings settings, DataSet train, Progress progress) {
        MultiLayerNetwork network = SpiralNetwork.create(settings);
        List<Step> steps = new ArrayList<>();
        DataSet shuffled = train.copy();
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            shuffled.shuffle(settings.seed() + epoch);
            double loss = 0;
            for (DataSet batch : shuffled.batchBy(settings.batchSize())) {
                Moments ofBatch = Moments.of(network, batch);
                Moments ofAll = Moments.of(network, train);
                network.fit(batch);
                Moments running = Moments.running(network);
                loss += network.score();
                steps.add(new Step(
                        network.score(),
                        ofBatch.at(CHANNEL),
                        running.at(CHANNEL),
                        ofAll.at(CHANNEL),
                        ofBatch.errorOfMean(ofAll),
                        running.errorOfMean(ofAll)));
                progress.step(1);
            }
            if ((epoch + 1) % 5 == 0) {
                progress.line(String.format(
                        Locale.ROOT, "epoch %d: training loss %.4f", epoch + 1, loss / settings.stepsPerEpoch()));
            }
        }
        return new Training(network, List.copyOf(steps));
    }

    /** The second half of the steps, when the running statistics have forgotten where they started. */
    List<Step> settled() {
        return steps.subList(steps.size() / 2, steps.size());
    }

    /** What goes into the second norm, which moves as the weights below it learn: mean and unbiased variance of each channel. */
    private record Moments(INDArray mean, INDArray variance) {
        static Moments of(MultiLayerNetwork network, DataSet data) {
            INDArray x = network.feedForwardToLayer(NORM - 1, data.getFeatures(), true)
                    .get(NORM);
            BatchStatistics statistics = Norms.batchStatistics(x);
            double n = x.size(0);
            return new Moments(statistics.mean(), statistics.variance().mul(n / (n - 1)));
        }

        static Moments running(MultiLayerNetwork network) {
            return new Moments(
                    network.getParam(NORM + "_mean").dup(),
                    network.getParam(NORM + "_variance").dup());
        }

        Point at(int channel) {
            return new Point(mean.getDouble(channel), variance.getDouble(channel));
        }

        /** How far the means are from the true ones, in standard deviations: the root mean square over the channels. */
        double errorOfMean(Moments truth) {
            INDArray error = mean.sub(truth.mean).div(Transforms.sqrt(truth.variance.add(1e-12)));
            return error.norm2Number().doubleValue() / Math.sqrt(error.length());
        }
    }

    /** Which class the network takes for each point. */
    static int[] classes(INDArray probabilities) {
        return Nd4j.argMax(probabilities, 1).toIntVector();
    }
}
