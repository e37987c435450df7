package io.github.dl4jnorms.datasets.synthetic;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes a folder of small images by class, to train a classifier or a generator on when no photographs are at hand: read it with
 * {@link io.github.dl4jnorms.datasets.classes.ClassRecordReader} like any other.
 *
 * <p>Eight classes: {@code checkers, crescent, cross, disc, ring, square, stripes, triangle}. Each image is one shape with smooth
 * edges in a strong colour on a dark grey ground. Place, size, hue and brightness vary; stripes are turned by up to 18 degrees either
 * way, and so are crescents. Checkers and stripes fill the image.
 */
public final class ShapeImages {

    private static final int LEAST_SIZE = 8;

    private ShapeImages() {}

    /** The classes, sorted. */
    public static String[] classNames() {
        return Stream.of(Shape.values()).map(Shape::label).toArray(String[]::new);
    }

    /**
     * Writes the folder: {@code CLASS/00000.png} and so on. It is made under another name beside its place and moved there when
     * complete. Equal arguments give equal files.
     *
     * @param dir the folder to make; it must not exist, unless as an empty folder
     * @param imageSize the side of the square images in pixels, at least 8
     * @param perClass images of each class, at least 1
     * @param seed the seed; each image depends on it, its class and its own number only
     * @return {@code dir}
     * @throws IllegalArgumentException if an argument is out of its range, or the folder already holds something
     * @throws java.io.UncheckedIOException if the folder cannot be written
     */
    public static Path write(Path dir, int imageSize, int perClass, long seed) {
        if (imageSize < LEAST_SIZE) {
            throw new IllegalArgumentException("imageSize: takes at least " + LEAST_SIZE + ", received " + imageSize);
        }
        if (perClass < 1) {
            throw new IllegalArgumentException("perClass: takes at least 1, received " + perClass);
        }
        return MadeFolder.write(dir, folder -> {
            SplittableRandom seeds = new SplittableRandom(seed);
            for (Shape shape : Shape.values()) {
                write(
                        Files.createDirectories(folder.resolve(shape.label())),
                        shape,
                        imageSize,
                        perClass,
                        seeds.split());
            }
        });
    }

    private static void write(Path dir, Shape shape, int size, int count, SplittableRandom seeds) throws IOException {
        for (int i = 0; i < count; i++) {
            // written at once: ImageIO writes a file in many small pieces
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
                ImageIO.write(draw(shape, size, new Random(seeds.nextLong())), "png", out);
            }
            Files.write(dir.resolve("%05d.png".formatted(i)), png.toByteArray());
        }
    }

    private static BufferedImage draw(Shape shape, int size, Random random) {
        double radius = size * between(random, 0.34, 0.42);
        double x = size / 2.0 + size * between(random, -0.05, 0.05);
        double y = size / 2.0 + size * between(random, -0.05, 0.05);
        double angle = Math.PI * between(random, -shape.turn(), shape.turn());
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        Canvas canvas = new Canvas(size, color(random, 0, 0, 0.05, 0.25));
        canvas.fill(
                (px, py) -> {
                    double u = ((px - x) * cos + (py - y) * sin) / radius;
                    double v = ((py - y) * cos - (px - x) * sin) / radius;
                    return Math.min(1, Math.max(0, 0.5 - radius * shape.distance(u, v)));
                },
                color(random, 0.55, 1, 0.8, 1));
        return canvas.toImage();
    }

    /** Of any hue. */
    private static double[] color(Random random, double dull, double vivid, double dark, double bright) {
        Color color = Color.getHSBColor(
                random.nextFloat(), (float) between(random, dull, vivid), (float) between(random, dark, bright));
        return new double[] {color.getRed(), color.getGreen(), color.getBlue()};
    }

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
