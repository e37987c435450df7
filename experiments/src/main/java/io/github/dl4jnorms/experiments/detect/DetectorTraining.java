package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.datasets.detection.DetectionIterator;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.schedule.CosineDecay;
import io.github.dl4jnorms.experiments.schedule.LinearWarmup;
import io.github.dl4jnorms.samediff.detection.Detection;
import io.github.dl4jnorms.samediff.detection.FcosDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * One run: trains a detector from scratch with one norm at one batch size, and evaluates it after every epoch.
 *
 * <p>Both norms get the same: initial weights, images in the same order with the same flips, and stochastic gradient
 * descent with momentum whose rate scales linearly with the batch, warms up over the first epoch and falls to 0 along a
 * cosine. A run whose loss is no longer finite stops; its remaining epochs are NaN.
 */
final class DetectorTraining {
    /** Hears of every epoch as it ends. */
    @FunctionalInterface
    interface Listener {
        void epochEnded(RunResult soFar) throws IOException;
    }

    private final DetectSettings settings;
    private final DetectData data;
    private final Progress progress;
    private final Listener listener;

    DetectorTraining(DetectSettings settings, DetectData data, Progress progress, Listener listener) {
        this.settings = settings;
        this.data = data;
        this.progress = progress;
        this.listener = listener;
    }

    /** The units of progress of a run: images trained on and evaluated. */
    static long work(DetectSettings settings, DetectData data) {
        return (long) settings.epochs() * (data.trainImages() + data.validationImages());
    }

    RunResult run(GridPoint point) throws IOException {
        try {
            DetectionIterator batches = data.train(point.batchSize(), settings.seed());
            return train(point, network(point, batches.batches()), batches);
        } finally {
            // the next run's network takes the place of this one's
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            System.gc();
        }
    }

    private RunResult train(GridPoint point, ComputationGraph network, DetectionIterator batches) throws IOException {
        List<EpochResult> epochs = new ArrayList<>();
        List<List<Detection>> shown = List.of();
        boolean diverged = false;
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            long started = System.nanoTime();
            double trainLoss = diverged ? Double.NaN : trainEpoch(network, batches);
            double seconds = diverged ? 0 : (System.nanoTime() - started) / 1e9;
            diverged = !Double.isFinite(trainLoss);
            if (diverged) {
                epochs.add(EpochResult.diverged(epoch, seconds));
            } else {
                Evaluation evaluation = Evaluation.of(network, data);
                shown = evaluation.shown();
                epochs.add(new EpochResult(epoch, trainLoss, evaluation.loss(), evaluation.map50(), seconds));
            }
            progress.step(data.validationImages());
            progress.line(line(point, epochs.get(epoch - 1)));
            listener.epochEnded(new RunResult(point, List.copyOf(epochs), data.trainImages(), shown));
        }
        return new RunResult(point, epochs, data.trainImages(), shown);
    }

    /** The mean loss over the images, NaN or infinite as soon as a step's is. */
    private double trainEpoch(ComputationGraph network, DetectionIterator batches) {
        double loss = 0;
        int images = 0;
        while (batches.hasNext() && Double.isFinite(loss)) {
            MultiDataSet batch = batches.next();
            int count = (int) batch.getFeatures(0).size(0);
            network.fit(FcosDetector.pack(batch));
            loss += network.score() * count;
            images += count;
            progress.step(count);
        }
        progress.step(data.trainImages() - images);
        batches.reset();
        return loss / images;
    }

    private ComputationGraph network(GridPoint point, int stepsPerEpoch) {
        ComputationGraph network = new ComputationGraph(FcosDetector.builder()
                .classes(data.classNames().size())
                .norm(norm(point.norm(), point.batchSize()))
                .zeroInitResidual(true)
                .clip(DetectDefaults.CLIP)
                .l2(0)
                .channels(settings.channels())
                .headConvolutions(settings.headConvolutions())
                .imageSize(settings.imageSize())
                .updater(updater(point.batchSize(), stepsPerEpoch))
                .seed(settings.seed())
                .build()
                .configuration());
        network.init();
        return network;
    }

    /**
     * The running statistics of a norm that has them average over the same number of images whatever the batch size
     * (Busbridge et al. 2023, arXiv:2307.13813): with one decay for all, the few steps of a large batch would leave them
     * near their initial values.
     */
    private NormSpec norm(String name, int batchSize) {
        double images = Math.min(batchSize, data.trainImages());
        return NormSpec.parse(name).withDecay(Math.pow(DetectDefaults.DECAY, images / DetectDefaults.REFERENCE_BATCH));
    }

    private IUpdater updater(int batchSize, int stepsPerEpoch) {
        int images = Math.min(batchSize, data.trainImages());
        double peak = settings.learningRate() * images / DetectDefaults.REFERENCE_BATCH;
        return new Nesterovs(schedule(peak, stepsPerEpoch, settings.epochs()), DetectDefaults.MOMENTUM);
    }

    /** Warm-up over the first epoch, but at most half of all steps; then, and over all of them, the cosine. */
    static ISchedule schedule(double peak, int stepsPerEpoch, int epochs) {
        int steps = stepsPerEpoch * epochs;
        int warmup = Math.max(1, Math.min(stepsPerEpoch, steps / 2));
        return new LinearWarmup(warmup, new CosineDecay(peak, steps));
    }

    private String line(GridPoint point, EpochResult epoch) {
        String run = String.format(
                Locale.ROOT,
                "%-5s batch %-3d epoch %d/%d",
                point.norm(),
                point.batchSize(),
                epoch.epoch(),
                settings.epochs());
        return Double.isNaN(epoch.trainLoss())
                ? run + "  diverged"
                : String.format(
                        Locale.ROOT,
                        "%s  train loss %.4f  val loss %.4f  mAP@0.5 %.3f  %.1f s",
                        run,
                        epoch.trainLoss(),
                        epoch.valLoss(),
                        epoch.map50(),
                        epoch.seconds());
    }
}
