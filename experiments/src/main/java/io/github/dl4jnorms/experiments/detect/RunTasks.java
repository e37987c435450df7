package io.github.dl4jnorms.experiments.detect;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;

/** Makes a task of each point of the grid: run it, score it, save it. A run that fails is noted and the grid goes on. */
@SuppressWarnings({"rawtypes", "deprecation"}) // Arbiter's own signatures
final class RunTasks implements TaskCreator {
    /** One run. */
    @FunctionalInterface
    interface Runner {
        RunResult run(GridPoint point) throws Exception;
    }

    private final Runner runner;
    private final Map<GridPoint, Throwable> failures = new ConcurrentSkipListMap<>();

    RunTasks(Runner runner) {
        this.runner = runner;
    }

    /** The runs that failed so far, and why. */
    Map<GridPoint, Throwable> failures() {
        return failures;
    }

    @Override
    public Callable<OptimizationResult> create(
            Candidate candidate,
            DataProvider data,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner optimization) {
        return () -> execute(candidate, score, optimization);
    }

    @Override
    public Callable<OptimizationResult> create(
            Candidate candidate,
            Class<? extends DataSource> data,
            Properties properties,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner optimization) {
        return () -> execute(candidate, score, optimization);
    }

    private OptimizationResult execute(Candidate candidate, ScoreFunction score, IOptimizationRunner optimization) {
        long started = System.currentTimeMillis();
        GridPoint point = (GridPoint) candidate.getValue();
        try {
            RunResult run = runner.run(point);
            OptimizationResult result =
                    result(candidate, score.score(run, (DataProvider) null, Map.of()), run, started, null);
            ResultReference saved =
                    optimization.getConfiguration().getResultSaver().saveModel(result, run);
            result.setResultReference(saved);
            return result;
        } catch (Throwable e) { // an OutOfMemoryError too: the next run may well fit
            failures.put(point, e);
            return result(candidate, null, null, started, e);
        }
    }

    private static OptimizationResult result(
            Candidate candidate, Double score, RunResult run, long started, Throwable failure) {
        CandidateInfo info = new CandidateInfo(
                candidate.getIndex(),
                failure == null ? CandidateStatus.Complete : CandidateStatus.Failed,
                score,
                started,
                started,
                System.currentTimeMillis(),
                candidate.getFlatParameters(),
                failure == null ? null : trace(failure));
        return new OptimizationResult(candidate, score, candidate.getIndex(), run, info, null);
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
