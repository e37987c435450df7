package io.github.dl4jnorms.datasets.synthetic;

import java.util.Locale;

/**
 * Flat shapes by their signed distance functions: negative inside, positive outside, 0 on the edge. Lengths are in units of the
 * shape's radius; y points down.
 */
enum Shape {
    CHECKERS(0) {
        @Override
        double distance(double x, double y) {
            // the edges of one axis cut those of the other: inside where the signs of both differ
            double u = stripe(x, CELL);
            double v = stripe(y, CELL);
            return Math.max(Math.min(u, v), -Math.max(u, v));
        }
    },
    CRESCENT(0.1) {
        @Override
        double distance(double x, double y) {
            return Math.max(Math.hypot(x, y) - 1, 0.75 - Math.hypot(x - 0.5, y));
        }
    },
    CROSS(0) {
        @Override
        double distance(double x, double y) {
            return Math.min(box(x, y, 1, 0.3), box(x, y, 0.3, 1));
        }
    },
    DISC(0) {
        @Override
        double distance(double x, double y) {
            return Math.hypot(x, y) - 0.95;
        }
    },
    RING(0) {
        @Override
        double distance(double x, double y) {
            return Math.abs(Math.hypot(x, y) - 0.78) - 0.22;
        }
    },
    SQUARE(0) {
        @Override
        double distance(double x, double y) {
            return box(x, y, 0.95, 0.95);
        }
    },
    STRIPES(0.1) {
        @Override
        double distance(double x, double y) {
            return stripe(x, CELL);
        }
    },
    TRIANGLE(0) {
        @Override
        double distance(double x, double y) {
            // three half planes, each at half the radius of the corners from the centre
            double slant = Math.max(Math.abs(x) * Math.sqrt(3) / 2 - y / 2, y) - 0.5;
            return slant - 0.05;
        }
    };

    /** The width of a stripe and the side of a square of the board. */
    private static final double CELL = 0.7;

    private final double turn;

    Shape(double turn) {
        this.turn = turn;
    }

    /** The signed distance of a point from the edge. */
    abstract double distance(double x, double y);

    /** By how much the shape may be turned either way and stay itself, in half turns. */
    double turn() {
        return turn;
    }

    /** Its name as a class. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static double box(double x, double y, double halfWidth, double halfHeight) {
        double outX = Math.abs(x) - halfWidth;
        double outY = Math.abs(y) - halfHeight;
        return Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) + Math.min(Math.max(outX, outY), 0);
    }

    /** Stripes across x with gaps of their own width. */
    private static double stripe(double x, double width) {
        double period = x / (2 * width);
        return 2 * width * Math.abs(period - Math.rint(period)) - width / 2;
    }
}
