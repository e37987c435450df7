package io.github.dl4jnorms.samediff.detection;

/**
 * A rectangle with sides parallel to the axes, in continuous pixel coordinates. It may be empty (zero wide or high).
 *
 * @param x1 the left edge
 * @param y1 the top edge
 * @param x2 the right edge, at least {@code x1}
 * @param y2 the bottom edge, at least {@code y1}
 */
public record Box(float x1, float y1, float x2, float y2) {

    /** @throws IllegalArgumentException if a coordinate is not finite or the edges are in the wrong order */
    public Box {
        if (!(Float.isFinite(x1) && Float.isFinite(y1) && Float.isFinite(x2) && Float.isFinite(y2))) {
            throw new IllegalArgumentException(
                    "box: got (" + x1 + ", " + y1 + ", " + x2 + ", " + y2 + "), takes finite coordinates");
        }
        if (x2 < x1 || y2 < y1) {
            throw new IllegalArgumentException(
                    "box: got (" + x1 + ", " + y1 + ", " + x2 + ", " + y2 + "), takes x1 <= x2 and y1 <= y2");
        }
    }

    public double width() {
        return (double) x2 - x1;
    }

    public double height() {
        return (double) y2 - y1;
    }

    public double area() {
        return width() * height();
    }

    /** Intersection over union (the Jaccard index), in [0, 1]; 0 for two empty boxes. */
    public double iou(Box other) {
        double width = (double) Math.min(x2, other.x2) - Math.max(x1, other.x1);
        double height = (double) Math.min(y2, other.y2) - Math.max(y1, other.y1);
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double intersection = width * height;
        return intersection / (area() + other.area() - intersection);
    }

    /** The part of this box inside {@code [0, width] x [0, height]}; an empty box on the border if it lies outside. */
    public Box clip(float width, float height) {
        if (!(width >= 0 && height >= 0)) {
            throw new IllegalArgumentException(
                    "width, height: got " + width + ", " + height + ", takes numbers not below 0");
        }
        return new Box(clamp(x1, width), clamp(y1, height), clamp(x2, width), clamp(y2, height));
    }

    private static float clamp(float value, float max) {
        return Math.max(0, Math.min(value, max));
    }
}
