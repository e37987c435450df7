package io.github.dl4jnorms.datasets.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pictures of a folder and its subfolders ({@code .jpg .jpeg .png .bmp .gif .tif .tiff}, whatever the case), in the
 * order of their paths. Of each the header is read; those that are none, or too small, are left out, which a warning in the
 * log and {@link #problems()} say. Thread-safe.
 */
public final class ImageFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff");

    private final Path dir;
    private final List<Path> files = new ArrayList<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    private ImageFolder(Path dir, int leastSide) {
        this.dir = dir;
        for (Path file : candidates(dir)) {
            try {
                ImageFile.Size size = ImageFile.size(file);
                if (Math.min(size.width(), size.height()) < leastSide) {
                    report(
                            file,
                            "left out: takes pictures of at least " + leastSide + " pixels each way, received " + size);
                } else {
                    files.add(file);
                }
            } catch (IOException e) {
                report(file, "left out: " + e.getMessage());
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no picture that can be used in " + dir
                    + (problems.isEmpty() ? "" : "; " + problems.iterator().next()));
        }
    }

    /**
     * Opens a folder.
     *
     * @param leastSide the fewest pixels that a picture may have each way
     * @throws IllegalArgumentException naming the path if it is missing, not a folder, or without any usable picture
     */
    public static ImageFolder open(Path dir, int leastSide) {
        if (!Files.isDirectory(dir)) {
            throw new IllegalArgumentException((Files.exists(dir) ? "not a folder: " : "no such folder: ") + dir);
        }
        return new ImageFolder(dir, leastSide);
    }

    private static List<Path> candidates(Path dir) {
        try (Stream<Path> tree = Files.walk(dir, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(Files::isRegularFile)
                    .filter(ImageFolder::hasImageName)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + dir, e);
        }
    }

    private static boolean hasImageName(Path file) {
        String name = file.getFileName().toString();
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** The folder that was opened. */
    public Path dir() {
        return dir;
    }

    /** The usable pictures, at least one at first: those found damaged since have been taken out. */
    public synchronized List<Path> files() {
        return List.copyOf(files);
    }

    /** All that was found wrong so far. */
    public synchronized List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Says that a picture turned out to be damaged, and takes it out. */
    synchronized void leaveOut(Path file, IOException why) {
        report(file, "left out: " + why.getMessage());
        files.remove(file);
    }

    private void report(Path file, String reason) {
        Problem problem = new Problem(file, reason);
        if (problems.add(problem)) {
            LOG.warn("{}", problem);
        }
    }
}
