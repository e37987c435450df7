package io.github.dl4jnorms.datasets.synthetic;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Makes pictures with the statistics of photographs, for when there are none: over a background of 1/f noise, objects of all
 * sizes that hide one another, their radii by a power law. Such <i>dead leaves</i> have photographs' edges and spectrum (Lee,
 * Mumford, Huang 2001, <a href="https://doi.org/10.1023/A:1011109015675">doi:10.1023/A:1011109015675</a>). Objects are round,
 * square or irregular, lit from one side, have a surface of 1/f noise and cast a soft shadow.
 */
public final class SceneImages {

    private static final int LEAST_SIZE = 32;
    private static final double LEAST_RADIUS = 0.04;
    private static final double GREATEST_RADIUS = 0.33;

    private SceneImages() {}

    /**
     * Writes JPEG files {@code scene_00000.jpg} and so on; equal arguments give equal files.
     *
     * @param dir the folder to make; it must not exist, unless as an empty folder
     * @param size the side of the square pictures in pixels, at least 32
     * @param count the number of pictures, at least 1
     * @param seed the seed; each picture depends on it and on its own number only
     * @return {@code dir}
     * @throws IllegalArgumentException if an argument is out of its range, or the folder already holds something
     * @throws java.io.UncheckedIOException if the folder cannot be written
     */
    public static Path write(Path dir, int size, int count, long seed) {
        MadeFolder.atLeast("size", LEAST_SIZE, size);
        MadeFolder.atLeast("count", 1, count);
        return MadeFolder.write(dir, folder -> {
            SplittableRandom seeds = new SplittableRandom(seed);
            for (int i = 0; i < count; i++) {
                BufferedImage picture = new Painter(size, new Random(seeds.nextLong())).paint();
                MadeFolder.writeJpeg(picture, folder.resolve("scene_%05d.jpg".formatted(i)));
            }
        });
    }

    private static final class Painter {
        private final int size;
        private final Random random;
        private final FractalNoise noise;
        private final Canvas canvas;
        /** Where the light comes from. */
        private final double lightX;

        private final double lightY;
        private final float hue;

        Painter(int size, Random random) {
            this.size = size;
            this.random = random;
            noise = new FractalNoise(6, random);
            canvas = new Canvas(size, new double[3]);
            double angle = between(-Math.PI, 0); // from above
            lightX = Math.cos(angle);
            lightY = Math.sin(angle);
            hue = random.nextFloat();
        }

        BufferedImage paint() {
            background();
            int objects = 15 + random.nextInt(110);
            for (int i = 0; i < objects; i++) {
                object();
            }
            canvas.illuminate(between(0, 0.25), random);
            canvas.blur(between(0.3, 0.8));
            canvas.addNoise(between(0.5, 3), random);
            return canvas.toImage();
        }

        /** From one colour at the top to another at the bottom, with clouds. */
        private void background() {
            double[] top = color(0.5f, 1);
            double[] bottom = color(0.6f, 0.7);
            double clouds = between(0.2, 0.8);
            double width = between(0.2, 0.7) * size;
            canvas.fill((x, y, depth, rgb) -> {
                double share = y / size + clouds * noise.at(x / width, y / width);
                mix(top, bottom, Math.min(1, Math.max(0, share)), rgb);
                return 1;
            });
        }

        private void object() {
            double radius = radius() * size;
            double x = between(-0.05, 1.05) * size;
            double y = between(-0.05, 1.05) * size;
            double flat = between(0.4, 1);
            double exponent = random.nextInt(3) == 0 ? between(6, 12) : 2;
            double irregular = random.nextInt(3) == 0 ? 0.12 : 0.01;
            long form = random.nextLong();
            Outline outline = new Outline(x, y, radius, radius * flat, exponent, irregular, new Random(form));
            double shift = between(0.08, 0.3) * radius;
            Outline shadow = new Outline(
                    x - lightX * shift,
                    y - lightY * shift,
                    1.1 * radius,
                    1.1 * radius * flat,
                    exponent,
                    irregular,
                    new Random(form));
            double dark = between(0.3, 0.7);
            canvas.fill(shadow, new double[] {10, 10, 20}, depth -> dark * Math.min(1, 2.5 * (1 - depth)));

            double[] lit = color(0.9f, 1.1);
            double[] unlit = {0.25 * lit[0], 0.25 * lit[1], 0.3 * lit[2]};
            double[] marks = color(0.7f, 0.9);
            boolean round = random.nextInt(3) > 0;
            double grain = between(0.1, 0.9) * radius + 2;
            double rough = between(0, 1.1);
            double offset = between(0, 100);
            double ambient = between(0.3, 0.6);
            canvas.fill(outline, (px, py, depth, rgb) -> {
                double surface = noise.at(px / grain + offset, py / grain);
                mix(lit, marks, Math.min(1, Math.max(0, rough * (surface + 0.2))), rgb);
                double along = ((px - x) * lightX + (py - y) * lightY) / radius;
                double light = round
                        ? along * 0.8 + 0.6 * Math.sqrt(Math.max(0, 1 - depth * depth)) // a ball's normal
                        : 0.7 + 0.3 * along;
                double bright = ambient + (1 - ambient) * Math.min(1, Math.max(0, light)) + 0.15 * rough * surface;
                for (int channel = 0; channel < 3; channel++) {
                    rgb[channel] = unlit[channel] + bright * (rgb[channel] - unlit[channel]);
                }
                return 1;
            });
        }

        /** Density r⁻³, so that each doubling of the radius covers as much. */
        private double radius() {
            double small = Math.pow(LEAST_RADIUS, -2);
            double large = Math.pow(GREATEST_RADIUS, -2);
            return Math.pow(small + random.nextDouble() * (large - small), -0.5);
        }

        /** Mostly near the picture's own hue, mostly pale. */
        private double[] color(float saturation, double brightness) {
            float shift = (float) (random.nextInt(3) == 0 ? random.nextDouble() : 0.08 * random.nextGaussian());
            float pale = (float) Math.pow(random.nextDouble(), 1.5);
            double bright = Math.min(1, brightness * between(0.3, 1));
            Color color = Color.getHSBColor(hue + shift, saturation * pale, (float) bright);
            return new double[] {color.getRed(), color.getGreen(), color.getBlue()};
        }

        private double between(double low, double high) {
            return low + (high - low) * random.nextDouble();
        }
    }

    private static void mix(double[] from, double[] to, double share, double[] rgb) {
        for (int channel = 0; channel < 3; channel++) {
            rgb[channel] = from[channel] + share * (to[channel] - from[channel]);
        }
    }
}
