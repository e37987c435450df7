package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.report.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished runs of an output folder, which is what makes the experiment resumable: {@code settings.json},
 * {@code runs/NORM-BATCH.json} for each finished run, and {@code results.csv} with the rows of all of them. Every file is
 * replaced in one move, so a process killed at any moment loses the run it was in and nothing else.
 *
 * <p>Runs made with other settings are no part of this experiment: on opening they are moved, with their settings and
 * results, to {@code previous-1}, {@code previous-2} and so on.
 */
final class RunStore implements ResultSaver {
    private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String SETTINGS = "settings.json";
    private static final String RUNS = "runs";
    private static final String CSV = "results.csv";

    private final Path folder;
    private final DetectSettings settings;
    private final Optional<Path> movedAside;
    private final SortedMap<GridPoint, RunResult> runs = new TreeMap<>();

    private RunStore(Path folder, DetectSettings settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        Path settingsFile = folder.resolve(SETTINGS);
        boolean same = settings.equals(read(settingsFile, DetectSettings.class).orElse(null));
        movedAside = same ? Optional.empty() : moveAside();
        if (same) {
            load();
        }
        AtomicFiles.write(settingsFile, JSON.writeValueAsString(settings));
    }

    /** Opens the folder, which need not exist, for runs with these settings. */
    static RunStore open(Path folder, DetectSettings settings) throws IOException {
        return new RunStore(folder, settings);
    }

    /** Where results with other settings went, if there were any. */
    Optional<Path> movedAside() {
        return movedAside;
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
        AtomicFiles.write(file(run.point()), JSON.writeValueAsString(run));
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

    private Path file(GridPoint point) {
        return folder.resolve(RUNS).resolve(point.norm() + "-" + point.batchSize() + ".json");
    }

    private void load() throws IOException {
        if (!Files.isDirectory(folder.resolve(RUNS))) {
            return;
        }
        try (Stream<Path> files = Files.list(folder.resolve(RUNS))) {
            files.filter(file -> file.toString().endsWith(".json"))
                    .flatMap(file -> read(file, RunResult.class).stream())
                    .forEach(run -> runs.put(run.point(), run));
        }
    }

    private Optional<Path> moveAside() throws IOException {
        List<Path> old = Stream.of(SETTINGS, RUNS, CSV)
                .map(folder::resolve)
                .filter(Files::exists)
                .toList();
        if (old.isEmpty()) {
            return Optional.empty();
        }
        int number = 1;
        while (Files.exists(folder.resolve("previous-" + number))) {
            number++;
        }
        Path aside = Files.createDirectories(folder.resolve("previous-" + number));
        for (Path file : old) {
            Files.move(file, aside.resolve(file.getFileName()));
        }
        return Optional.of(aside);
    }

    private static <T> Optional<T> read(Path file, Class<T> type) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), type));
        } catch (IOException e) {
            LOG.warn("{} cannot be read and is not used", file);
            return Optional.empty();
        }
    }
}
