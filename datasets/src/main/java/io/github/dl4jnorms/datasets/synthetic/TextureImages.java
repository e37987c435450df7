package io.github.dl4jnorms.datasets.synthetic;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Makes pictures that are the same all over, in strong colours, like paint and patterns: styles, for when there are no
 * paintings. Brush strokes along a flow, stripes, checks, mosaics (Voronoi cells with joints), wood, dots.
 */
public final class TextureImages {

    private static final int LEAST_SIZE = 32;

    /** What a picture shows; they take turns. */
    enum Kind {
        STROKES,
        STRIPES,
        MOSAIC,
        CHECKS,
        WOOD,
        DOTS
    }

    private TextureImages() {}

    /**
     * Writes JPEG files {@code 00000_strokes.jpg} and so on; equal arguments give equal files.
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
                Kind kind = Kind.values()[i % Kind.values().length];
                BufferedImage picture = new Painter(size, new Random(seeds.nextLong())).paint(kind);
                String name = "%05d_%s.jpg".formatted(i, kind.name().toLowerCase(Locale.ROOT));
                MadeFolder.writeJpeg(picture, folder.resolve(name));
            }
        });
    }

    private static final class Painter {
        private final int size;
        private final Random random;
        private final FractalNoise noise;
        private final double[][] palette;
        private final double cos;
        private final double sin;
        private final long salt;

        Painter(int size, Random random) {
            this.size = size;
            this.random = random;
            noise = new FractalNoise(4, random);
            palette = palette(3 + random.nextInt(4));
            double turn = between(0, Math.PI);
            cos = Math.cos(turn);
            sin = Math.sin(turn);
            salt = random.nextLong();
        }

        /** Neighbouring hues and one from the other side, from dark to light. */
        private double[][] palette(int colors) {
            float hue = random.nextFloat();
            float spread = (float) between(0.02, 0.12);
            double[][] palette = new double[colors][];
            for (int i = 0; i < colors; i++) {
                float shift = i == colors - 1 ? 0.5f : i * spread;
                double bright = 0.2 + 0.8 * (i + random.nextDouble()) / colors;
                Color color = Color.getHSBColor(hue + shift, (float) between(0.35, 1), (float) bright);
                palette[i] = new double[] {color.getRed(), color.getGreen(), color.getBlue()};
            }
            return palette;
        }

        BufferedImage paint(Kind kind) {
            if (kind == Kind.STROKES) {
                return strokes();
            }
            Canvas canvas = new Canvas(size, palette[0]);
            canvas.fill(
                    switch (kind) {
                        case STRIPES -> stripes();
                        case MOSAIC -> mosaic();
                        case CHECKS -> checks();
                        case WOOD -> wood();
                        default -> dots();
                    });
            canvas.addNoise(between(0.5, 4), random);
            return canvas.toImage();
        }

        private Canvas.Paint stripes() {
            double width = between(0.03, 0.15) * size;
            double warp = between(0, 1.2);
            double broad = between(0.2, 0.6) * size;
            return (x, y, depth, rgb) -> {
                double along = (x * cos + y * sin) / width + warp * noise.at(x / broad, y / broad) * 4;
                shaded(Math.floorMod((int) Math.floor(along), palette.length), 0.2 * noise.at(x / 3, y / 3), rgb);
                return 1;
            };
        }

        private Canvas.Paint checks() {
            double side = between(0.05, 0.16) * size;
            double warp = between(0, 0.3) * side;
            return (x, y, depth, rgb) -> {
                double u = x * cos + y * sin + warp * noise.at(x / side / 2, y / side / 2);
                double v = y * cos - x * sin + warp * noise.at(x / side / 2 + 50, y / side / 2);
                int column = (int) Math.floor(u / side);
                int row = (int) Math.floor(v / side);
                boolean even = (column + row) % 2 == 0;
                int color = even ? 0 : 1 + (int) (chance(column, row) * (palette.length - 1));
                shaded(color, 0.1 * noise.at(x / 4, y / 4), rgb);
                return 1;
            };
        }

        /** The two nearest of points that are one to a square. */
        private Canvas.Paint mosaic() {
            double side = between(0.05, 0.14) * size;
            double joint = between(0.04, 0.14);
            boolean pale = random.nextBoolean();
            return (x, y, depth, rgb) -> {
                double u = x / side;
                double v = y / side;
                double nearest = 9;
                double second = 9;
                double chosen = 0;
                for (int row = (int) Math.floor(v) - 1; row <= Math.floor(v) + 1; row++) {
                    for (int column = (int) Math.floor(u) - 1; column <= Math.floor(u) + 1; column++) {
                        double distance =
                                Math.hypot(column + chance(column, row) - u, row + chance(column + 71, row + 13) - v);
                        if (distance < nearest) {
                            second = nearest;
                            nearest = distance;
                            chosen = chance(column + 5, row + 29);
                        } else {
                            second = Math.min(second, distance);
                        }
                    }
                }
                if (second - nearest < joint) {
                    Arrays.fill(rgb, pale ? 225 : 25);
                } else {
                    shaded((int) (chosen * palette.length), 0.3 * (0.4 - nearest) + chosen / 5, rgb);
                }
                return 1;
            };
        }

        private Canvas.Paint wood() {
            double ring = between(0.02, 0.06) * size;
            double stretch = between(4, 12);
            double centre = between(-0.5, 1.5) * size;
            double[] dark = {0.5 * palette[0][0], 0.5 * palette[0][1], 0.5 * palette[0][2]};
            double[] light = palette[palette.length - 2];
            return (x, y, depth, rgb) -> {
                double u = (x * cos + y * sin) / stretch;
                double v = y * cos - x * sin - centre;
                double rings = Math.hypot(u, v) / ring + 2 * noise.at(u / ring / 3, v / ring / 6);
                double share = Math.pow(rings - Math.floor(rings), 2);
                double grain = 0.25 * noise.at(u * 1.5, v * 1.5);
                for (int channel = 0; channel < 3; channel++) {
                    double color = light[channel] + share * (dark[channel] - light[channel]);
                    rgb[channel] = Math.min(255, Math.max(0, color * (1 + grain)));
                }
                return 1;
            };
        }

        private Canvas.Paint dots() {
            double side = between(0.03, 0.09) * size;
            double radius = between(0.3, 0.48);
            double broad = between(0.2, 0.6) * size;
            return (x, y, depth, rgb) -> {
                double u = (x * cos + y * sin) / side;
                double v = (y * cos - x * sin) / side;
                int column = (int) Math.floor(u);
                int row = (int) Math.floor(v);
                boolean inside =
                        Math.hypot(u - column - 0.5, v - row - 0.5) < radius * (0.6 + 0.4 * chance(column, row));
                double tone = 0.5 + noise.at(x / broad, y / broad) + 0.3 * (chance(column + 9, row) - 0.5);
                int color = 1 + (int) Math.max(0, Math.min(palette.length - 2, tone * (palette.length - 1)));
                shaded(inside ? color : 0, 0, rgb);
                return 1;
            };
        }

        /** From coarse to fine, along a flow that turns, with a light and a dark flank each. */
        private BufferedImage strokes() {
            BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
            Graphics2D brush = image.createGraphics();
            brush.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            brush.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            brush.setColor(color(0, 0));
            brush.fillRect(0, 0, size, size);
            double broad = between(0.25, 0.8) * size;
            double swirl = between(1, 5);
            double width = between(0.012, 0.035) * size;
            int strokes = (int) (2.5 * size * size / (width * width * 8));
            for (int i = 0; i < strokes; i++) {
                double x = between(-0.1, 1.1) * size;
                double y = between(-0.1, 1.1) * size;
                double tone = 0.5 + 0.9 * noise.at(x / broad + 40, y / broad) + between(-0.25, 0.25);
                int color = (int) Math.max(0, Math.min(palette.length - 1, tone * palette.length));
                Path2D stroke = new Path2D.Double();
                Path2D flank = new Path2D.Double();
                stroke.moveTo(x, y);
                flank.moveTo(x + width / 3, y + width / 3);
                for (int step = 0; step < 8; step++) {
                    double angle = Math.atan2(sin, cos) + swirl * noise.at(x / broad, y / broad);
                    x += width * Math.cos(angle);
                    y += width * Math.sin(angle);
                    stroke.lineTo(x, y);
                    flank.lineTo(x + width / 3, y + width / 3);
                }
                double light = between(-0.15, 0.15);
                brush.setStroke(pen(width));
                brush.setColor(color(color, light - 0.25));
                brush.draw(flank);
                brush.setColor(color(color, light));
                brush.draw(stroke);
                brush.setStroke(pen(width / 4));
                brush.setColor(color(color, light + 0.2));
                brush.draw(stroke);
            }
            brush.dispose();
            return image;
        }

        private static BasicStroke pen(double width) {
            return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        }

        private Color color(int index, double light) {
            double[] rgb = new double[3];
            shaded(index, light, rgb);
            return new Color((int) rgb[0], (int) rgb[1], (int) rgb[2]);
        }

        /** A colour of the palette, lighter or darker. */
        private void shaded(int index, double light, double[] rgb) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[channel] = Math.min(255, Math.max(0, palette[index][channel] * (1 + light)));
            }
        }

        /** A number from 0 to 1 for each square, always the same: SplittableRandom's scrambling of its place. */
        private double chance(int column, int row) {
            long z = salt + column * 0x9e3779b97f4a7c15L + row * 0xd1342543de82ef95L;
            z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
        }

        private double between(double low, double high) {
            return low + (high - low) * random.nextDouble();
        }
    }
}
