package io.github.dl4jnorms.datasets.synthetic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** Folders that are there whole or not at all: made under another name beside their place, and moved there when complete. */
final class NewFolder {

    /** Writes a folder's files. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private NewFolder() {}

    /**
     * Makes the folder and returns it.
     *
     * @throws IllegalArgumentException if it already holds something, or is none
     * @throws UncheckedIOException if it cannot be written
     */
    static Path write(Path dir, Content content) {
        try {
            if (Files.exists(dir) && !isEmptyFolder(dir)) {
                throw new IllegalArgumentException("dir must not exist yet or be an empty folder: " + dir);
            }
            Path place = dir.toAbsolutePath();
            Files.createDirectories(place.getParent());
            Path unfinished = place.resolveSibling(place.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                content.writeTo(unfinished);
                Files.deleteIfExists(place);
                Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(unfinished);
            }
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the images to " + dir, e);
        }
    }

    private static boolean isEmptyFolder(Path dir) throws IOException {
        if (!Files.isDirectory(dir)) {
            return false;
        }
        try (Stream<Path> content = Files.list(dir)) {
            return content.findAny().isEmpty();
        }
    }

    private static void delete(Path dir) throws IOException {
        if (Files.exists(dir)) {
            try (Stream<Path> content = Files.walk(dir)) {
                for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
