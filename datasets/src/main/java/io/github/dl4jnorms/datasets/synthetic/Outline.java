package io.github.dl4jnorms.datasets.synthetic;

import java.util.Random;

/**
 * A closed, slightly irregular curve: a turned ellipse whose radius swings by a few harmonics,
 * {@code ρ(θ) = 1 + Σ aₖ cos(kθ + φₖ)} for k = 2 … 5; or, with an exponent above 2, a rectangle with rounded corners instead of
 * the ellipse. Lengths are in pixels.
 */
final class Outline {

    private static final int HARMONICS = 4;
    private static final int BOX_SAMPLES = 256;

    final double x;
    final double y;
    private final double radiusX;
    private final double radiusY;
    private final double exponent;
    private final double cos;
    private final double sin;
    private final double[] amplitudes = new double[HARMONICS];
    private final double[] phases = new double[HARMONICS];

    /** @param irregularity the greatest amplitude of a harmonic: 0 is an ellipse, 0.1 a blot */
    Outline(double x, double y, double radiusX, double radiusY, double irregularity, Random random) {
        this(x, y, radiusX, radiusY, 2, irregularity, random);
    }

    /** @param exponent of {@code |u|ⁿ + |v|ⁿ = 1}: 2 is an ellipse, 10 nearly a rectangle */
    Outline(double x, double y, double radiusX, double radiusY, double exponent, double irregularity, Random random) {
        this.exponent = exponent;
        this.x = x;
        this.y = y;
        this.radiusX = radiusX;
        this.radiusY = radiusY;
        double turn = random.nextDouble() * Math.PI;
        cos = Math.cos(turn);
        sin = Math.sin(turn);
        for (int k = 0; k < HARMONICS; k++) {
            amplitudes[k] = irregularity * random.nextDouble();
            phases[k] = 2 * Math.PI * random.nextDouble();
        }
    }

    /** How far a point lies from the centre, in units of the outline's distance that way: less than 1 is inside. */
    double depth(double px, double py) {
        double u = ((px - x) * cos + (py - y) * sin) / radiusX;
        double v = ((py - y) * cos - (px - x) * sin) / radiusY;
        return norm(u, v) / swing(Math.atan2(v, u));
    }

    /** The share of the pixel around a point that the outline covers, for edges without steps. */
    double coverage(double depth) {
        return Math.min(1, Math.max(0, (1 - depth) * Math.min(radiusX, radiusY) + 0.5));
    }

    Box bounds() {
        double x0 = Double.MAX_VALUE;
        double y0 = Double.MAX_VALUE;
        double x1 = -Double.MAX_VALUE;
        double y1 = -Double.MAX_VALUE;
        for (int i = 0; i < BOX_SAMPLES; i++) {
            double angle = 2 * Math.PI * i / BOX_SAMPLES;
            double radius = swing(angle) / norm(Math.cos(angle), Math.sin(angle));
            double u = radius * radiusX * Math.cos(angle);
            double v = radius * radiusY * Math.sin(angle);
            double px = x + u * cos - v * sin;
            double py = y + u * sin + v * cos;
            x0 = Math.min(x0, px);
            y0 = Math.min(y0, py);
            x1 = Math.max(x1, px);
            y1 = Math.max(y1, py);
        }
        return new Box(x0, y0, x1, y1);
    }

    private double norm(double u, double v) {
        return exponent == 2
                ? Math.hypot(u, v)
                : Math.pow(Math.pow(Math.abs(u), exponent) + Math.pow(Math.abs(v), exponent), 1 / exponent);
    }

    private double swing(double angle) {
        double radius = 1;
        for (int k = 0; k < HARMONICS; k++) {
            radius += amplitudes[k] * Math.cos((k + 2) * angle + phases[k]);
        }
        return radius;
    }

    /** An axis-aligned box. */
    record Box(double x0, double y0, double x1, double y1) {

        double area() {
            return Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
        }

        Box within(Box other) {
            return new Box(
                    Math.max(x0, other.x0), Math.max(y0, other.y0), Math.min(x1, other.x1), Math.min(y1, other.y1));
        }
    }
}
