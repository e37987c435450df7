package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * All that the experiment finds out.
 *
 * @param agreement  with PyTorch and DL4J
 * @param training   of the classifier
 * @param test       its test points
 * @param accuracy   on them in evaluation mode
 * @param borderline a point that it is unsure of, but right about
 * @param sure       a point that it is as sure of as of its middle one
 * @param mixed      all test points in training mode, for each batch size
 * @param sorted     the same in batches of one class
 * @param untouched  whether all these passes in training mode left the parameters and running statistics as they were
 * @param one        a batch of one
 */
record BatchnormResult(
        BatchnormSettings settings,
        Agreement agreement,
        Training training,
        DataSet test,
        double accuracy,
        FixedPoint borderline,
        FixedPoint sure,
        List<TestPasses> mixed,
        List<TestPasses> sorted,
        boolean untouched,
        BatchOfOne one) {

    /** How sure the network is of its borderline point. */
    private static final double BORDERLINE = 0.6;

    /** Batches in all, training and evaluation, for the progress bar. */
    static long work(BatchnormSettings settings) {
        long fixed = 2L * 2 * settings.passes() * settings.batchSizes().size();
        long all = settings.batchSizes().stream()
                .mapToLong(size -> 2L * settings.testPasses() * (settings.test() / size))
                .sum();
        return (long) settings.epochs() * settings.stepsPerEpoch() + fixed + all;
    }

    static BatchnormResult run(BatchnormSettings settings, Progress progress) {
        Agreement agreement = Agreement.measure();
        progress.line(String.format(
                Locale.ROOT,
                "BatchNorm1d of PyTorch over %d steps: largest difference %.1e",
                agreement.torch().steps(),
                agreement.worstToTorch()));
        SpiralData data = SpiralData.make(settings);
        Training training = Training.run(settings, data.train(), progress);
        MultiLayerNetwork network = training.network();
        INDArray before = network.params().dup();
        INDArray evaluation = network.output(data.test().getFeatures());
        int[] labels = Training.classes(data.test().getLabels());
        int[] answers = Training.classes(evaluation);
        double[] sureness = IntStream.range(0, labels.length)
                .mapToDouble(i -> evaluation.getDouble(i, labels[i]))
                .toArray();
        int[] right = IntStream.range(0, labels.length)
                .filter(i -> answers[i] == labels[i])
                .boxed()
                .sorted(Comparator.comparingDouble(i -> sureness[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int unsure = Arrays.stream(right)
                .boxed()
                .min(Comparator.comparingDouble(i -> Math.abs(sureness[i] - BORDERLINE)))
                .orElseThrow();
        int middle = right[right.length / 2];
        Companions companions = new Companions(network, data.test());
        FixedPoint borderline =
                FixedPoint.pass(companions, unsure, labels[unsure], sureness[unsure], settings, progress);
        FixedPoint sure = FixedPoint.pass(companions, middle, labels[middle], sureness[middle], settings, progress);
        List<TestPasses> mixed = new ArrayList<>();
        List<TestPasses> sorted = new ArrayList<>();
        for (int size : settings.batchSizes()) {
            mixed.add(TestPasses.run(companions, labels, answers, size, TestPasses.Order.MIXED, settings, progress));
            sorted.add(TestPasses.run(companions, labels, answers, size, TestPasses.Order.SORTED, settings, progress));
            progress.line(String.format(
                    Locale.ROOT,
                    "training mode at batch size %d: %.1f%% of the answers flipped",
                    size,
                    100 * mixed.get(mixed.size() - 1).flips()));
        }
        return new BatchnormResult(
                settings,
                agreement,
                training,
                data.test(),
                (double) right.length / labels.length,
                borderline,
                sure,
                mixed,
                sorted,
                before.equalsWithEps(network.params(), 0),
                BatchOfOne.ask(network, settings, data.test()));
    }
}
