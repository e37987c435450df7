package io.github.dl4jnorms.datasets.synthetic;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** A square image of floating-point RGB values, nominally 0 to 255, and what a bad microscope does to it. */
final class Canvas {

    final int size;
    private final double[][] planes;

    Canvas(int size, double[] color) {
        this.size = size;
        planes = new double[3][size * size];
        for (int channel = 0; channel < 3; channel++) {
            Arrays.fill(planes[channel], color[channel]);
        }
    }

    /** What colour a point has, by its place in pixels and its depth in the outline (0 the centre, 1 the edge). */
    interface Paint {
        /**
         * Puts red, green and blue into {@code rgb}.
         *
         * @return how much of what lies below the colour hides, from 0 to 1
         */
        double at(double x, double y, double depth, double[] rgb);
    }

    /**
     * Fills an outline with one colour.
     *
     * @param opacity how much of what lies below the colour hides, by the depth of a point (0 the centre, 1 the edge)
     */
    void fill(Outline outline, double[] color, DoubleUnaryOperator opacity) {
        fill(outline, (x, y, depth, rgb) -> {
            System.arraycopy(color, 0, rgb, 0, 3);
            return opacity.applyAsDouble(depth);
        });
    }

    /** Fills an outline. */
    void fill(Outline outline, Paint paint) {
        Outline.Box box = outline.bounds();
        int x1 = (int) Math.min(size - 1, Math.ceil(box.x1()));
        int y1 = (int) Math.min(size - 1, Math.ceil(box.y1()));
        double[] rgb = new double[3];
        for (int y = (int) Math.max(0, Math.floor(box.y0())); y <= y1; y++) {
            for (int x = (int) Math.max(0, Math.floor(box.x0())); x <= x1; x++) {
                double depth = outline.depth(x + 0.5, y + 0.5);
                double coverage = outline.coverage(depth);
                if (coverage > 0) {
                    blend(x, y, coverage * paint.at(x + 0.5, y + 0.5, Math.min(1, depth), rgb), rgb);
                }
            }
        }
    }

    /** Fills what a shape covers, a point at a time, with one colour. */
    void fill(Coverage shape, double[] color) {
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                blend(x, y, shape.at(x + 0.5, y + 0.5), color);
            }
        }
    }

    /** The share of the pixel around a point that a shape covers, from 0 to 1. */
    @FunctionalInterface
    interface Coverage {
        double at(double x, double y);
    }

    /** Fills everything; of each pixel four points are asked for, so that edges have no steps. */
    void fill(Paint paint) {
        double[] rgb = new double[3];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                for (int part = 0; part < 4; part++) {
                    double alpha = paint.at(x + 0.25 + part % 2 * 0.5, y + 0.25 + part / 2 * 0.5, 0, rgb);
                    blend(x, y, alpha / (part + 1), rgb); // the mean of those so far
                }
            }
        }
    }

    private void blend(int x, int y, double alpha, double[] rgb) {
        for (int channel = 0; channel < 3; channel++) {
            double[] plane = planes[channel];
            plane[y * size + x] += alpha * (rgb[channel] - plane[y * size + x]);
        }
    }

    /** Light that falls off to one side by up to {@code strength}. */
    void illuminate(double strength, Random random) {
        double angle = 2 * Math.PI * random.nextDouble();
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double along = ((x - size / 2.0) * Math.cos(angle) + (y - size / 2.0) * Math.sin(angle)) / size;
                for (double[] plane : planes) {
                    plane[y * size + x] *= 1 + 2 * strength * along;
                }
            }
        }
    }

    /** Gaussian blur, sigma in pixels. */
    void blur(double sigma) {
        int reach = (int) Math.ceil(3 * sigma);
        double[] kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = Math.exp(-(i - reach) * (i - reach) / (2 * sigma * sigma));
            sum += kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        for (int channel = 0; channel < 3; channel++) {
            planes[channel] = alongRows(alongRows(planes[channel], kernel), kernel);
        }
    }

    /** Filters each row and transposes, so that doing it twice filters the columns too. */
    private double[] alongRows(double[] plane, double[] kernel) {
        double[] filtered = new double[plane.length];
        int reach = kernel.length / 2;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double value = 0;
                for (int i = 0; i < kernel.length; i++) {
                    int from = Math.min(size - 1, Math.max(0, x + i - reach));
                    value += kernel[i] * plane[y * size + from];
                }
                filtered[x * size + y] = value;
            }
        }
        return filtered;
    }

    /** A sensor's noise: Gaussian, partly the same in all channels. */
    void addNoise(double deviation, Random random) {
        for (int i = 0; i < size * size; i++) {
            double common = random.nextGaussian();
            for (double[] plane : planes) {
                plane[i] += deviation * (0.8 * common + 0.6 * random.nextGaussian());
            }
        }
    }

    BufferedImage toImage() {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < size * size; i++) {
            int rgb = 0;
            for (double[] plane : planes) {
                rgb = rgb << 8 | (int) Math.round(Math.min(255, Math.max(0, plane[i])));
            }
            image.setRGB(i % size, i / size, rgb);
        }
        return image;
    }
}
