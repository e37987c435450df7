package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One test point, passed many times, each time with other companions in its batch.
 *
 * @param index     among the test points
 * @param label     its class
 * @param evaluated the network's probability of this class in evaluation mode, alone
 * @param passes    for each batch size
 */
record FixedPoint(int index, int label, double evaluated, List<Passes> passes) {
    /**
     * The passes at one batch size: the network's probabilities of all classes, a row for each pass.
     *
     * @param training   in training mode
     * @param evaluation in evaluation mode
     */
    record Passes(int batchSize, float[][] training, float[][] evaluation) {
        /** How many different answers there were in training mode, to the last bit. */
        long differentInTraining() {
            return different(training);
        }

        long differentInEvaluation() {
            return different(evaluation);
        }

        private static long different(float[][] outputs) {
            return Stream.of(outputs).map(Arrays::toString).distinct().count();
        }

        /** The share of the passes in training mode that answer another class than evaluation mode does. */
        double flipped() {
            int expected = Companions.argMax(evaluation[0]);
            return Stream.of(training)
                            .filter(output -> Companions.argMax(output) != expected)
                            .count()
                    / (double) training.length;
        }

        /** A class's probability in each pass in training mode. */
        double[] probabilities(int label) {
            return Stream.of(training).mapToDouble(output -> output[label]).toArray();
        }
    }

    static FixedPoint pass(
            Companions companions, int index, int label, double evaluated, BatchnormSettings settings, Progress bar) {
        Random random = new Random(settings.seed() + index);
        List<Passes> passes = new ArrayList<>();
        for (int size : settings.batchSizes()) {
            passes.add(new Passes(
                    size,
                    companions.beside(index, size, settings.passes(), true, random),
                    companions.beside(index, size, settings.passes(), false, random)));
            bar.step(2L * settings.passes());
        }
        return new FixedPoint(index, label, evaluated, passes);
    }
}
