package io.github.dl4jnorms.experiments.detect;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator.Mode;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;

/** Runs a grid of norms and batch sizes through Arbiter, one run at a time, in the same order every time. */
final class DetectGrid {
    private DetectGrid() {}

    /** Runs every point and saves it; returns the runs that failed, and why. */
    static Map<GridPoint, Throwable> run(
            List<String> norms, List<Integer> batchSizes, RunTasks.Runner runner, ResultSaver saver) {
        var grid = new GridSearchCandidateGenerator(new GridPointSpace(norms, batchSizes), 1, Mode.Sequential, null);
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder()
                .candidateGenerator(grid)
                .scoreFunction(new ValidationLoss())
                .modelSaver(saver)
                // a number above the grid's size would never be reached, and Arbiter would wait for ever
                .terminationConditions(new MaxCandidatesCondition(grid.getTotalNumCandidates()))
                .build();
        RunTasks tasks = new RunTasks(runner);
        new LocalOptimizationRunner(1, configuration, tasks).execute();
        return tasks.failures();
    }
}
