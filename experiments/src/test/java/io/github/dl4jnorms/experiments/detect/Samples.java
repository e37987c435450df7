package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.samediff.detection.Box;
import io.github.dl4jnorms.samediff.detection.Detection;
import java.util.List;

/** Runs that never ran, for tests of what becomes of them. */
final class Samples {
    static final DetectSettings SETTINGS = new DetectSettings(null, 8, 4, 64, 2, 0.01, 32, 1, 7);

    private Samples() {}

    /** Two epochs whose training and validation losses go from one number to the other. */
    static RunResult run(String norm, int batchSize, double first, double last) {
        return new RunResult(
                new GridPoint(norm, batchSize),
                List.of(new EpochResult(1, first, first, 0.1, 4), new EpochResult(2, last, last, 0.25, 2)),
                8,
                List.of(List.of(new Detection(new Box(1, 2, 3.5f, 4), 1, 0.75f)), List.of()));
    }

    static RunResult diverged(String norm, int batchSize) {
        return new RunResult(
                new GridPoint(norm, batchSize),
                List.of(new EpochResult(1, 3, 4, 0, 4), EpochResult.diverged(2, 1.5)),
                8,
                List.of());
    }
}
