package io.github.dl4jnorms.datasets.synthetic;

import io.github.dl4jnorms.datasets.detection.VocAnnotation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Makes a Pascal VOC folder of images that look like stained blood smears, to train a detector on when no photographs are
 * at hand: read it with {@link io.github.dl4jnorms.datasets.detection.VocFolder} like any other.
 *
 * <p>Three classes, as unequal in size and number as a blood smear's: {@code disc} (about 7 an image, 0.16 to 0.2 of its
 * side, pale in the middle), {@code blob} (in six of ten images, 0.28 to 0.4, irregular, with a dark lobed nucleus) and
 * {@code speck} (0 to 3 an image, 0.055 to 0.085). They overlap, are cut by the border, and differ in stain from image to
 * image. What makes them hard: uneven light, blur, noise, streaks, and dirt of about their size and colour that is not
 * annotated. About one image in sixteen holds no object.
 */
public final class CellImages {

    private static final int LEAST_SIZE = 32;

    private CellImages() {}

    /**
     * Writes the folder with the splits {@code train} and {@code val}. It is made under another name beside its place and
     * moved there when complete. Equal arguments give equal files; the first image of each split holds every class.
     *
     * @param dir the folder to make; it must not exist, unless as an empty folder
     * @param imageSize the side of the square images in pixels, at least 32
     * @param train the number of images to train on, at least 1
     * @param val the number of images to validate on, at least 1
     * @param seed the seed; each image depends on it and on its own number in its split only
     * @return {@code dir}
     * @throws IllegalArgumentException if an argument is out of its range, or the folder already holds something
     * @throws UncheckedIOException if the folder cannot be written
     */
    public static Path write(Path dir, int imageSize, int train, int val, long seed) {
        MadeFolder.atLeast("imageSize", LEAST_SIZE, imageSize);
        MadeFolder.atLeast("train", 1, train);
        MadeFolder.atLeast("val", 1, val);
        return MadeFolder.write(dir, folder -> fill(folder, imageSize, train, val, seed));
    }

    private static void fill(Path dir, int imageSize, int train, int val, long seed) throws IOException {
        Files.createDirectories(dir.resolve("JPEGImages"));
        Files.createDirectories(dir.resolve("Annotations"));
        Files.createDirectories(dir.resolve("ImageSets").resolve("Main"));
        SplittableRandom seeds = new SplittableRandom(seed);
        // a stream of its own for each split: their lengths do not disturb each other
        split(dir, "train", imageSize, train, seeds.split());
        split(dir, "val", imageSize, val, seeds.split());
    }

    private static void split(Path dir, String name, int imageSize, int count, SplittableRandom seeds)
            throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = String.format("%s_%05d", name, i);
            Smear smear = Smear.draw(imageSize, i == 0, new Random(seeds.nextLong()));
            MadeFolder.writeJpeg(smear.image(), dir.resolve("JPEGImages").resolve(id + ".jpg"));
            new VocAnnotation(id + ".jpg", imageSize, imageSize, smear.objects())
                    .write(dir.resolve("Annotations").resolve(id + ".xml"));
            ids.add(id);
        }
        Files.write(dir.resolve("ImageSets").resolve("Main").resolve(name + ".txt"), ids);
    }
}
