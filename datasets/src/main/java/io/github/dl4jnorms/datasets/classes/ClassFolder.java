package io.github.dl4jnorms.datasets.classes;

import io.github.dl4jnorms.datasets.images.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of images by class: {@code FOLDER/CLASS/IMAGE}. The classes are numbered by their names' order.
 *
 * @param dir        the folder
 * @param classNames the names of the folders in it
 * @param images     the files in those, class by class; whether they are images, reading them shows
 * @param problems   what lies where no image should, each of which is left out
 */
public record ClassFolder(Path dir, List<String> classNames, List<ClassImage> images, List<Problem> problems) {

    /**
     * A file.
     *
     * @param file  where it is
     * @param label its class, an index into the folder's names
     */
    public record ClassImage(Path file, int label) {}

    /**
     * Lists a folder.
     *
     * @throws IllegalArgumentException naming the path, if it is missing, not a folder, or without a file in a class's folder
     */
    public static ClassFolder open(Path dir) {
        if (!Files.exists(dir)) {
            throw new IllegalArgumentException("no such folder: " + dir);
        }
        if (!Files.isDirectory(dir)) {
            throw new IllegalArgumentException("not a folder: " + dir);
        }
        List<String> classNames = new ArrayList<>();
        List<ClassImage> images = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path entry : list(dir)) {
            if (!Files.isDirectory(entry)) {
                problems.add(new Problem(entry, "not in the folder of a class, skipped"));
                continue;
            }
            for (Path file : list(entry)) {
                if (Files.isDirectory(file)) {
                    problems.add(new Problem(file, "a folder in the folder of a class, skipped"));
                } else {
                    images.add(new ClassImage(file, classNames.size()));
                }
            }
            classNames.add(entry.getFileName().toString());
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException("no images by class (CLASS/IMAGE) in " + dir);
        }
        return new ClassFolder(dir, List.copyOf(classNames), List.copyOf(images), List.copyOf(problems));
    }

    private static List<Path> list(Path dir) {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + dir, e);
        }
    }
}
