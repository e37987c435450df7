package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trains the sequence model once with each norm, on the same sequences, one step each in turn. */
final class SequenceTraining {
    private static final List<String> NORMS = List.of("ln", "rms", "none");
    private static final List<String> NAMES = List.of("LayerNorm", "RMSNorm", "no norm");

    private static final int TEST_SEQUENCES = 64;

    private SequenceTraining() {}

    /**
     * How one model's training went.
     *
     * @param losses     of each step, before it, in nats for each character
     * @param seconds    of all steps up to this one
     * @param parameters of the model
     * @param right      the share, after the training, of those characters of fresh sequences predicted right that follow from
     *                   the ones before
     */
    record Curve(String name, double[] losses, double[] seconds, long parameters, double right) {
        /** The mean loss of the last tenth of the steps. */
        double finalLoss() {
            int steps = losses.length;
            return DoubleStream.of(losses)
                    .skip(steps - Math.max(1, steps / 10))
                    .average()
                    .orElseThrow();
        }

        double secondsPerStep() {
            return seconds[seconds.length - 1] / seconds.length;
        }
    }

    static long work(LayernormSettings.Model model) {
        return model.steps();
    }

    static List<Curve> run(LayernormSettings.Model model, long seed, Progress progress, long unit) {
        List<ComputationGraph> networks = NORMS.stream()
                .map(norm -> SequenceModel.create(NormSpec.parse(norm), model, seed))
                .toList();
        Sums train = new Sums(model.sums(), new Random(seed));
        double[][] losses = new double[NORMS.size()][model.steps()];
        double[][] seconds = new double[NORMS.size()][model.steps()];
        for (int step = 0; step < model.steps(); step++) {
            DataSet batch = train.batch(model.batchSize());
            for (int i = 0; i < NORMS.size(); i++) {
                long start = System.nanoTime();
                networks.get(i).fit(batch);
                double time = (System.nanoTime() - start) / 1e9;
                seconds[i][step] = time + (step == 0 ? 0 : seconds[i][step - 1]);
                losses[i][step] = perCharacter(networks.get(i).score(), batch);
            }
            progress.step(unit);
            if ((step + 1) % 50 == 0) {
                progress.line(String.format(
                        Locale.ROOT,
                        "step %d: loss with LayerNorm %.3f, RMSNorm %.3f, no norm %.3f",
                        step + 1,
                        losses[0][step],
                        losses[1][step],
                        losses[2][step]));
            }
        }
        DataSet test = new Sums(model.sums(), new Random(seed + 1)).batch(TEST_SEQUENCES);
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < NORMS.size(); i++) {
            ComputationGraph network = networks.get(i);
            curves.add(new Curve(NAMES.get(i), losses[i], seconds[i], network.numParams(), right(network, test)));
        }
        return curves;
    }

    /** In nats for each character. */
    static double loss(ComputationGraph network, DataSet batch) {
        return perCharacter(network.score(batch), batch);
    }

    /** DL4J adds up the losses of a sequence's characters. */
    private static double perCharacter(double score, DataSet batch) {
        return score / batch.getLabels().size(2);
    }

    private static double right(ComputationGraph network, DataSet test) {
        INDArray answers = Nd4j.argMax(network.outputSingle(test.getFeatures()), 1);
        INDArray truth = Nd4j.argMax(test.getLabels(), 1);
        int right = 0;
        int all = 0;
        for (int t = 0; t < truth.size(1); t++) {
            if (Sums.follows(t % Sums.LENGTH)) {
                for (int i = 0; i < truth.size(0); i++) {
                    all++;
                    right += answers.getInt(i, t) == truth.getInt(i, t) ? 1 : 0;
                }
            }
        }
        return (double) right / all;
    }
}
