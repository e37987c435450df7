package io.github.dl4jnorms.datasets.detection;

import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.images.Problem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in Pascal VOC's layout: images ({@code .jpg}, {@code .jpeg}, {@code .png}) in {@code JPEGImages}, one XML file
 * per image in {@code Annotations}, and lists of image ids, one a line, in {@code ImageSets/Main/SPLIT.txt}.
 *
 * <p>Whatever is wrong with a file is told once, as a warning in the log and in {@link #problems()}:
 *
 * <ul>
 *   <li>the image is skipped when its annotation is missing or no XML, or its file is missing, damaged,
 *       truncated or another id's;
 *   <li>the object is dropped when its box has no area, lies outside the image or has no numbers, or when its class is
 *       not one of {@link #classNames()};
 *   <li>the size in the annotation gives way to that of the file.
 * </ul>
 *
 * A box that reaches over the border is clipped. An image whose annotation holds no object is a negative sample.
 *
 * <p>Everingham et al., <i>The Pascal Visual Object Classes (VOC) Challenge</i>, IJCV 88 (2010).
 */
public final class VocFolder {

    private static final Logger LOG = LoggerFactory.getLogger(VocFolder.class);
    private static final String TRAIN = "train";
    private static final String[] EXTENSIONS = {"jpg", "jpeg", "png", "JPG", "JPEG", "PNG"};

    /** VOC's per-class lists carry a flag behind the id. */
    private static final Pattern LINE = Pattern.compile("(\\S.*?)(?:\\s+(?:-1|0|1))?");

    private final Path dir;
    private final List<String> classNames;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Map<String, Optional<VocAnnotation>> annotations = new HashMap<>();
    private final Map<String, Optional<VocImage>> images = new HashMap<>();
    private final Map<Path, String> owners = new HashMap<>();

    private VocFolder(Path dir) {
        this.dir = dir;
        Set<String> names = new TreeSet<>();
        for (String id : ids(TRAIN)) {
            annotation(id).ifPresent(a -> a.objects().forEach(box -> names.add(box.name())));
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no annotated object in the split '" + TRAIN + "' of " + dir);
        }
        classNames = List.copyOf(names);
    }

    /**
     * Opens a folder and reads the annotations of its {@code train} split; images are first read by {@link #split}.
     *
     * @throws IllegalArgumentException naming the path if it is missing, not a folder, not in VOC's layout, or without
     *     any annotated object in its train split
     */
    public static VocFolder open(Path dir) {
        if (!Files.exists(dir)) {
            throw new IllegalArgumentException("no such folder: " + dir);
        }
        if (!Files.isDirectory(dir)) {
            throw new IllegalArgumentException("not a folder: " + dir);
        }
        List<String> missing = Stream.of("JPEGImages", "Annotations", "ImageSets/Main")
                .filter(part -> !Files.isDirectory(dir.resolve(part)))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "not a Pascal VOC folder, it lacks " + String.join(", ", missing) + ": " + dir);
        }
        return new VocFolder(dir);
    }

    /** The folder that was opened. */
    public Path dir() {
        return dir;
    }

    /** The names of the lists in {@code ImageSets/Main}, sorted. */
    public List<String> splits() {
        try (Stream<Path> files = Files.list(sets())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .map(name -> name.substring(0, name.length() - ".txt".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + sets(), e);
        }
    }

    /**
     * The distinct classes of the well-formed objects in the whole {@code train} split, sorted: what a detector can be
     * taught here, in the order of its class channels. Objects of other classes are reported and dropped.
     */
    public List<String> classNames() {
        return classNames;
    }

    /** All that was found wrong so far, in the order it was met. */
    public synchronized List<Problem> problems() {
        return List.copyOf(problems);
    }

    /**
     * The usable images of a split, in the order of its list; each file is decoded once to be sure of it.
     *
     * @param name one of {@link #splits()}
     * @param limit the greatest number of images, zero or less for all
     * @throws IllegalArgumentException if there is no such split or no usable image in it
     */
    public synchronized List<VocImage> split(String name, int limit) {
        List<VocImage> usable = new ArrayList<>();
        for (String id : ids(name)) {
            if (limit > 0 && usable.size() == limit) {
                break;
            }
            images.computeIfAbsent(id, this::image).ifPresent(usable::add);
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("no usable image in the split '" + name + "' of " + dir);
        }
        return List.copyOf(usable);
    }

    private Path sets() {
        return dir.resolve("ImageSets").resolve("Main");
    }

    private List<String> ids(String split) {
        if (!splits().contains(split)) {
            throw new IllegalArgumentException(
                    "no split '" + split + "' in " + dir + ", it has " + (splits().isEmpty() ? "none" : splits()));
        }
        Path file = sets().resolve(split + ".txt");
        try {
            Set<String> ids = new LinkedHashSet<>();
            for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\\R")) {
                Matcher matcher = LINE.matcher(line.strip());
                if (matcher.matches() && !ids.add(matcher.group(1))) {
                    report(file, "'" + matcher.group(1) + "' is listed twice: taken once");
                }
            }
            return List.copyOf(ids);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private Path xml(String id) {
        return dir.resolve("Annotations").resolve(id + ".xml");
    }

    private Optional<VocAnnotation> annotation(String id) {
        return annotations.computeIfAbsent(id, key -> {
            Path file = xml(key);
            try {
                return Optional.of(VocAnnotation.read(file, reason -> report(file, reason)));
            } catch (NoSuchFileException e) {
                report(file, "image skipped: no annotation");
            } catch (IOException e) {
                report(file, "image skipped: " + e.getMessage());
            }
            return Optional.empty();
        });
    }

    private Optional<VocImage> image(String id) {
        return annotation(id).flatMap(annotation -> {
            Optional<Path> file = imageFile(id, annotation);
            if (file.isEmpty()) {
                report(xml(id), "image skipped: JPEGImages holds no image of this name");
                return Optional.empty();
            }
            String owner = owners.putIfAbsent(file.get(), id);
            if (owner != null && !owner.equals(id)) {
                report(xml(id), "image skipped: its file " + file.get().getFileName() + " is that of '" + owner + "'");
                return Optional.empty();
            }
            try {
                BufferedImage pixels = ImageFile.read(file.get());
                return Optional.of(image(id, file.get(), pixels.getWidth(), pixels.getHeight(), annotation));
            } catch (IOException e) {
                report(file.get(), "image skipped: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** By id, as VOC's own tools do; then by the name in the annotation, which is often wrong. */
    private Optional<Path> imageFile(String id, VocAnnotation annotation) {
        Path folder = dir.resolve("JPEGImages");
        Stream<Path> byId = Stream.of(EXTENSIONS).map(extension -> folder.resolve(id + "." + extension));
        Stream<Path> byName = Stream.of(annotation.fileName())
                .filter(name -> !name.isEmpty())
                .map(name -> folder.resolve(name.replaceFirst(".*[/\\\\]", "")));
        return Stream.concat(byId, byName).filter(Files::isRegularFile).findFirst();
    }

    private VocImage image(String id, Path file, int width, int height, VocAnnotation annotation) {
        if (annotation.width() > 0
                && annotation.height() > 0
                && (annotation.width() != width || annotation.height() != height)) {
            report(
                    xml(id),
                    "the size " + annotation.width() + "×" + annotation.height() + " is not the file's " + width + "×"
                            + height + ": the file's is taken");
        }
        List<BoxAnnotation> boxes = new ArrayList<>();
        for (BoxAnnotation box : annotation.objects()) {
            BoxAnnotation clipped = box.clipped(width, height);
            String object = "object (" + box.name() + ", x " + box.xMin() + " to " + box.xMax() + ", y " + box.yMin()
                    + " to " + box.yMax() + ") dropped: ";
            if (clipped.area() <= 0) {
                report(xml(id), object + "it lies outside the image of " + width + "×" + height);
            } else if (!classNames.contains(box.name())) {
                report(xml(id), object + "its class is not in the split '" + TRAIN + "'");
            } else {
                boxes.add(clipped);
            }
        }
        return new VocImage(id, file, width, height, boxes);
    }

    private void report(Path file, String reason) {
        Problem problem = new Problem(file, reason);
        if (problems.add(problem)) {
            LOG.warn("{}", problem);
        }
    }
}
