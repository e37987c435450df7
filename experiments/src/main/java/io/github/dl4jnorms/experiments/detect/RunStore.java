package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.report.ResultFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;

/**
 * The finished runs of an output folder, kept as {@link ResultFolder} keeps them: {@code runs/NORM-BATCH.json} for each, and
 * {@code results.csv} with the rows of all of them.
 */
final class RunStore implements ResultSaver {
    private static final String RUNS = "runs";
    private static final String CSV = "results.csv";

    private final Path folder;
    private final DetectSettings settings;
    private final ResultFolder results;
    private final SortedMap<GridPoint, RunResult> runs = new TreeMap<>();

    private RunStore(Path folder, DetectSettings settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        results = ResultFolder.open(folder, settings, RUNS, CSV);
        results.all(RunResult.class).forEach(run -> runs.put(run.point(), run));
    }

    /** Opens the folder, which need not exist, for runs with these settings. */
    static RunStore open(Path folder, DetectSettings settings) throws IOException {
        return new RunStore(folder, settings);
    }

    /** Where results with other settings went, if there were any. */
    Optional<Path> movedAside() {
        return results.movedAside();
    }

    synchronized Optional<RunResult> find(GridPoint point) {
        return Optional.ofNullable(runs.get(point));
    }

    /** All finished runs, by norm and batch size. */
    synchronized Collection<RunResult> runs() {
        return List.copyOf(runs.values());
    }

    Path csv() {
        return folder.resolve(CSV);
    }

    /** Keeps a finished run. */
    synchronized void save(RunResult run) throws IOException {
        results.save(run.point().norm() + "-" + run.point().batchSize(), run);
        runs.put(run.point(), run);
        writeCsv();
    }

    /** Writes {@code results.csv} with the finished runs alone. */
    synchronized void writeCsv() throws IOException {
        ResultsCsv.write(csv(), runs.values(), settings.seed());
    }

    /** Brings {@code results.csv} up to date with the epochs so far of a run that is not finished. */
    synchronized void show(RunResult unfinished) throws IOException {
        SortedMap<GridPoint, RunResult> all = new TreeMap<>(runs);
        all.put(unfinished.point(), unfinished);
        ResultsCsv.write(csv(), all.values(), settings.seed());
    }

    @Override
    public ResultReference saveModel(OptimizationResult result, Object run) throws IOException {
        save((RunResult) run);
        return new Saved(result, (RunResult) run);
    }

    @Override
    public List<Class<?>> getSupportedCandidateTypes() {
        return List.of(GridPoint.class);
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of(RunResult.class);
    }

    private record Saved(OptimizationResult result, RunResult run) implements ResultReference {
        @Override
        public OptimizationResult getResult() {
            return result;
        }

        @Override
        public Object getResultModel() {
            return run;
        }
    }
}
