package io.github.dl4jnorms.experiments.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is finished of an experiment, in its output folder, which is what makes it resumable: {@code settings.json} and a JSON
 * file for each finished piece of work. Every file is replaced in one move, so a process killed at any moment loses the piece
 * it was at and nothing else.
 *
 * <p>Pieces made with other settings are no part of this experiment: on opening they are moved, with their settings, to
 * {@code previous-1}, {@code previous-2} and so on.
 */
public final class ResultFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ResultFolder.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String SETTINGS = "settings.json";
    private static final String SUFFIX = ".json";

    private final Path folder;
    private final Path pieces;
    private final Optional<Path> movedAside;

    private ResultFolder(Path folder, Object settings, String pieces, String... others) throws IOException {
        this.folder = folder;
        this.pieces = folder.resolve(pieces);
        Path settingsFile = folder.resolve(SETTINGS);
        boolean same = settings.equals(read(settingsFile, settings.getClass()).orElse(null));
        movedAside = same ? Optional.empty() : moveAside(pieces, others);
        AtomicFiles.write(settingsFile, JSON.writeValueAsString(settings));
    }

    /**
     * Opens a folder, which need not exist.
     *
     * @param settings what the pieces depend on: a record that Jackson reads and writes
     * @param pieces   the name of the folder in it for the pieces
     * @param others   names of files and folders in it that belong to the settings too
     */
    public static ResultFolder open(Path folder, Object settings, String pieces, String... others) throws IOException {
        return new ResultFolder(folder, settings, pieces, others);
    }

    /** Where results with other settings went, if there were any. */
    public Optional<Path> movedAside() {
        return movedAside;
    }

    /** Keeps a finished piece. */
    public void save(String name, Object piece) throws IOException {
        AtomicFiles.write(pieces.resolve(name + SUFFIX), JSON.writeValueAsString(piece));
    }

    /** A finished piece; one that cannot be read counts as not finished. */
    public <T> Optional<T> find(String name, Class<T> type) {
        return read(pieces.resolve(name + SUFFIX), type);
    }

    /** All finished pieces, of one type, by their names' order. */
    public <T> List<T> all(Class<T> type) throws IOException {
        if (!Files.isDirectory(pieces)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pieces)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .flatMap(file -> read(file, type).stream())
                    .toList();
        }
    }

    private Optional<Path> moveAside(String pieces, String... others) throws IOException {
        List<String> names = new ArrayList<>(List.of(SETTINGS, pieces));
        names.addAll(List.of(others));
        List<Path> old =
                names.stream().map(folder::resolve).filter(Files::exists).toList();
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
