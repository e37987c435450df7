package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A trained network, and what the statistics of its norms were on the way.
 *
 * @param network the network
 * @param steps   one for each batch
 */
record Training(MultiLayerNetwork network, List<Step> steps) {
    /** The channel whose statistics are kept. */
    static final int CHANNEL = 0;

    /**
     * One step.
     *
     * @param loss  before it
     * @param norms the statistics of each norm
     */
    record Step(double loss, List<Statistics> norms) {}

    /**
     * The statistics of one norm around one step.
     *
     * @param batch        of the batch
     * @param running      after it was counted in
     * @param all          of all training points, by the same weights as the batch's
     * @param batchError   how far the batch's means are from those of all points, in standard deviations: the root mean square
     *                     over the channels
     * @param runningError the same of the running means
     */
    record Statistics(Point batch, Point running, Point all, double batchError, double runningError) {}

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
                List<Moments> ofBatch = Moments.of(network, batch);
                List<Moments> ofAll = Moments.of(network, train);
                network.fit(batch);
                List<Moments> running = Moments.running(network);
                loss += network.score();
                List<Statistics> norms = new ArrayList<>();
                for (int i = 0; i < SpiralNetwork.NORMS.length; i++) {
                    norms.add(statistics(ofBatch.get(i), running.get(i), ofAll.get(i)));
                }
                steps.add(new Step(network.score(), norms));
                progress.step(1);
            }
            if ((epoch + 1) % 5 == 0) {
                progress.line(String.format(
                        Locale.ROOT, "epoch %d: training loss %.4f", epoch + 1, loss / settings.stepsPerEpoch()));
            }
        }
        return new Training(network, List.copyOf(steps));
    }

    private static Statistics statistics(Moments batch, Moments running, Moments all) {
        return new Statistics(
                batch.at(CHANNEL),
                running.at(CHANNEL),
                all.at(CHANNEL),
                batch.errorOfMean(all),
                running.errorOfMean(all));
    }

    /** One norm's statistics in each step. */
    List<Statistics> norm(int i) {
        return steps.stream().map(step -> step.norms().get(i)).toList();
    }

    /**
     * How far the running means of a norm are from those of all training points, as a share of how far the batches' are: the
     * root mean squares over the second half of the steps, when the start is forgotten.
     */
    double runningErrorOverBatchError(int norm) {
        List<Statistics> settled = norm(norm).subList(steps.size() / 2, steps.size());
        return Math.sqrt(squares(settled, Statistics::runningError) / squares(settled, Statistics::batchError));
    }

    private static double squares(List<Statistics> statistics, ToDoubleFunction<Statistics> value) {
        return statistics.stream().mapToDouble(value).map(v -> v * v).sum();
    }

    /** What goes into a norm: mean and unbiased variance of each channel. */
    private record Moments(INDArray mean, INDArray variance) {
        /** Of each norm. */
        static List<Moments> of(MultiLayerNetwork network, DataSet data) {
            int last = SpiralNetwork.NORMS[SpiralNetwork.NORMS.length - 1];
            List<INDArray> activations = network.feedForwardToLayer(last - 1, data.getFeatures(), true);
            return IntStream.of(SpiralNetwork.NORMS)
                    .mapToObj(norm -> of(activations.get(norm)))
                    .toList();
        }

        private static Moments of(INDArray x) {
            BatchStatistics statistics = Norms.batchStatistics(x);
            double n = x.size(0);
            return new Moments(statistics.mean(), statistics.variance().mul(n / (n - 1)));
        }

        static List<Moments> running(MultiLayerNetwork network) {
            return IntStream.of(SpiralNetwork.NORMS)
                    .mapToObj(norm -> new Moments(
                            network.getParam(norm + "_mean").dup(),
                            network.getParam(norm + "_variance").dup()))
                    .toList();
        }

        Point at(int channel) {
            return new Point(mean.getDouble(channel), variance.getDouble(channel));
        }

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
