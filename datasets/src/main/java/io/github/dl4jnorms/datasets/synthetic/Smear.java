package io.github.dl4jnorms.datasets.synthetic;

import io.github.dl4jnorms.datasets.detection.BoxAnnotation;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One made image: something like a stained blood smear under a microscope.
 *
 * @param image the picture
 * @param objects what is to be found in it, boxes on whole pixels
 */
record Smear(BufferedImage image, List<BoxAnnotation> objects) {

    /** The kinds of cells: radii in units of the image's side. */
    enum Kind {
        DISC(0.078, 0.102),
        BLOB(0.14, 0.20),
        SPECK(0.027, 0.042);

        private final double least;
        private final double greatest;

        Kind(double least, double greatest) {
            this.least = least;
            this.greatest = greatest;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double EMPTY_SHARE = 0.06;

    /** Two cells never share more than this part of the smaller one's box, so that none is wholly hidden. */
    private static final double GREATEST_OVERLAP = 0.4;

    /** The part of a cell's box that the image must hold. */
    private static final double LEAST_VISIBLE = 0.35;

    private static final int PLACING_ATTEMPTS = 30;

    /**
     * Draws an image.
     *
     * @param size its side in pixels
     * @param complete whether it must hold each kind of cell; otherwise a few images hold none at all
     */
    static Smear draw(int size, boolean complete, Random random) {
        return new Painter(size, random).paint(complete);
    }

    private static final class Painter {
        private final int size;
        private final Random random;
        private final Canvas canvas;
        private final double[] background;
        /** How strong the stain is in this image: 1 is full colour, 0 none. */
        private final double stain;

        private final List<Outline.Box> placed = new ArrayList<>();
        private final List<BoxAnnotation> objects = new ArrayList<>();

        Painter(int size, Random random) {
            this.size = size;
            this.random = random;
            double light = between(0.8, 1.05);
            background = new double[] {light * between(205, 230), light * between(195, 215), light * between(185, 210)};
            stain = between(0.5, 1.0);
            canvas = new Canvas(size, background);
        }

        Smear paint(boolean complete) {
            boolean empty = random.nextDouble() < EMPTY_SHARE && !complete;
            stains();
            if (!empty) {
                // large ones first, so that small ones lie on top
                int blobs = random.nextInt(100) < 50 ? 1 : random.nextInt(100) < 15 ? 2 : 0;
                add(Kind.BLOB, Math.max(blobs, complete ? 1 : 0));
                add(Kind.DISC, 4 + random.nextInt(8));
                add(Kind.SPECK, Math.max(random.nextInt(4), complete ? 1 : 0));
            }
            debris();
            canvas.illuminate(between(0.03, 0.2), random);
            canvas.blur(between(0.3, 0.9) * size / 100);
            canvas.addNoise(between(4, 12), random);
            return new Smear(canvas.toImage(), objects);
        }

        private void add(Kind kind, int count) {
            for (int i = 0; i < count; i++) {
                for (int attempt = 0; attempt < PLACING_ATTEMPTS; attempt++) {
                    Outline outline = outline(kind);
                    Outline.Box visible = outline.bounds().within(new Outline.Box(0, 0, size, size));
                    if (visible.area() >= LEAST_VISIBLE * outline.bounds().area() && free(visible)) {
                        placed.add(visible);
                        objects.add(annotation(kind, visible));
                        color(kind, outline);
                        break;
                    }
                }
            }
        }

        private Outline outline(Kind kind) {
            double radius = between(kind.least, kind.greatest) * size;
            double irregularity = kind == Kind.DISC ? 0.025 : 0.07;
            return outline(radius, between(0.85, 1.0), irregularity);
        }

        private Outline outline(double radius, double aspect, double irregularity) {
            double x = between(-0.03, 1.03) * size;
            double y = between(-0.03, 1.03) * size;
            return new Outline(x, y, radius, radius * aspect, irregularity, random);
        }

        private boolean free(Outline.Box box) {
            return placed.stream()
                    .allMatch(
                            other -> box.within(other).area() <= GREATEST_OVERLAP * Math.min(box.area(), other.area()));
        }

        private BoxAnnotation annotation(Kind kind, Outline.Box box) {
            return new BoxAnnotation(
                    kind.label(),
                    (float) Math.floor(box.x0()),
                    (float) Math.floor(box.y0()),
                    (float) Math.min(size, Math.ceil(box.x1())),
                    (float) Math.min(size, Math.ceil(box.y1())),
                    false);
        }

        private void color(Kind kind, Outline outline) {
            double strength = stain * between(0.75, 1.0);
            switch (kind) {
                case DISC -> {
                    // pale in the middle, like a cell that is thinner there
                    double pallor = between(0.3, 0.75);
                    canvas.fill(
                            outline,
                            tint(200, 115, 115),
                            depth -> 0.9 * strength * (1 - pallor * Math.max(0, 1 - depth * depth / 0.35)));
                }
                case BLOB -> {
                    canvas.fill(outline, tint(175, 160, 205), depth -> 0.75 * strength);
                    double radius = Math.sqrt(outline.bounds().area()) / 2;
                    int lobes = 1 + random.nextInt(3);
                    double[] nucleus = tint(95, 60, 140);
                    for (int i = 0; i < lobes; i++) {
                        double lobe = radius * between(0.45, 0.6) / Math.sqrt(lobes) * 1.2;
                        double shift = (radius - lobe) * 0.6 * (lobes == 1 ? 0.5 : 1);
                        double angle = 2 * Math.PI * (i + between(0, 0.5)) / lobes;
                        Outline part = new Outline(
                                outline.x + shift * Math.cos(angle),
                                outline.y + shift * Math.sin(angle),
                                lobe,
                                lobe * between(0.75, 1.0),
                                0.06,
                                random);
                        canvas.fill(part, nucleus, depth -> 0.9 * strength);
                    }
                }
                case SPECK -> canvas.fill(outline, tint(140, 85, 155), depth -> strength * (1 - 0.4 * depth * depth));
            }
        }

        /** Faint long streaks and broad clouds, which are no objects. */
        private void stains() {
            for (int i = random.nextInt(4); i > 0; i--) {
                Outline cloud = outline(between(0.15, 0.4) * size, between(0.4, 1.0), 0.1);
                double strength = between(0.05, 0.2);
                canvas.fill(cloud, tint(190, 165, 170), depth -> strength * (1 - depth * depth));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                Outline streak = outline(between(0.15, 0.35) * size, between(0.08, 0.18), 0.05);
                double strength = between(0.15, 0.4);
                canvas.fill(streak, tint(195, 135, 140), depth -> strength * (1 - depth));
            }
        }

        /** Dirt of the cells' sizes and nearly their colours, which is no object either. */
        private void debris() {
            for (int i = random.nextInt(5); i > 0; i--) {
                Outline crumb = outline(between(0.015, 0.05) * size, between(0.3, 0.9), 0.12);
                double[] color = random.nextBoolean() ? tint(130, 120, 85) : tint(165, 120, 125);
                double strength = stain * between(0.4, 0.9);
                canvas.fill(crumb, color, depth -> strength);
            }
        }

        private double[] tint(double red, double green, double blue) {
            return new double[] {red + between(-14, 14), green + between(-14, 14), blue + between(-14, 14)};
        }

        private double between(double low, double high) {
            return low + (high - low) * random.nextDouble();
        }
    }
}
