package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import io.github.dl4jnorms.experiments.schedule.CosineDecay;
import io.github.dl4jnorms.experiments.schedule.LinearWarmup;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training of the transformer that draws. Its state is kept in a file every so often: network, optimizer and averaged
 * weights, so that a training that was stopped goes on from there, to the same end.
 */
final class FlowTraining {
    static final double LEARNING_RATE = 2.5e-3;
    static final double BETA2 = 0.99;

    private static final Logger LOG = LoggerFactory.getLogger(FlowTraining.class);
    private static final int WARMUP = 50;
    private static final String STATE = "state";

    /** What the network's own file has no place for. */
    private record State(double[] losses, float[] average) implements Serializable {}

    /** Hears of every step as it ends, with the losses so far. */
    @FunctionalInterface
    interface Listener {
        void stepEnded(int step, double loss);
    }

    private final ImageSet images;
    private final DitSettings settings;
    private final Path file;
    private ComputationGraph network;
    private double[] losses = {};
    private WeightAverage average;

    private FlowTraining(ImageSet images, DitSettings settings, Path file) {
        this.images = images;
        this.settings = settings;
        this.file = file;
        if (!restore()) {
            network = settings.model()
                    .builder(images, updater(settings.steps()), settings.seed())
                    .build()
                    .network();
            average = new WeightAverage(network.params());
        }
    }

    /** Opens the training that is kept in a file, or begins one if there is none. */
    static FlowTraining open(ImageSet images, DitSettings settings, Path file) {
        return new FlowTraining(images, settings, file);
    }

    /** Warm-up, then half a cosine down to 0. */
    private static IUpdater updater(int steps) {
        return Adam.builder()
                .learningRateSchedule(new LinearWarmup(
                        Math.max(1, Math.min(WARMUP, steps / 10)), new CosineDecay(LEARNING_RATE, steps)))
                .beta2(BETA2)
                .build();
    }

    /** Steps that are done. */
    int step() {
        return losses.length;
    }

    /** The loss of each step so far, before it. */
    double[] losses() {
        return losses.clone();
    }

    /** The network as it draws: with averaged weights. */
    ComputationGraph averaged() {
        ComputationGraph copy = network.clone();
        copy.setParams(average.get());
        return copy;
    }

    /** Trains up to a step, and keeps the state. */
    void runTo(int end, Listener listener) throws IOException {
        FlowMatching flow = new FlowMatching(
                images.train(), images.noClass(), DitSettings.LABEL_DROPOUT, settings.batchSize(), settings.seed());
        int begin = losses.length;
        if (begin >= end) {
            return;
        }
        losses = Arrays.copyOf(losses, end);
        for (int step = begin; step < end; step++) {
            network.fit(flow.batch(step).dataSet());
            losses[step] = network.score();
            average.add(network.params(), step + 1);
            listener.stepEnded(step + 1, losses[step]);
        }
        save();
    }

    private void save() throws IOException {
        Files.createDirectories(file.getParent());
        File unfinished = file.resolveSibling("." + file.getFileName() + ".tmp").toFile();
        ModelSerializer.writeModel(network, unfinished, true);
        ModelSerializer.addObjectToFile(
                unfinished, STATE, new State(losses, average.get().data().asFloat()));
        AtomicFiles.move(unfinished.toPath(), file);
    }

    private boolean restore() {
        if (!Files.exists(file)) {
            return false;
        }
        try {
            network = ModelSerializer.restoreComputationGraph(file.toFile(), true);
            State state = ModelSerializer.getObjectFromFile(file.toFile(), STATE);
            losses = state.losses();
            INDArray weights = Nd4j.createFromArray(state.average())
                    .reshape(network.params().shape());
            average = new WeightAverage(weights);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read and is not used: the training begins anew", file);
            return false;
        }
    }
}
