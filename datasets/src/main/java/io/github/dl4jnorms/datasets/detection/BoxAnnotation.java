package io.github.dl4jnorms.datasets.detection;

import java.io.Serializable;

/**
 * One object of an image: its class and its box in continuous pixel coordinates (x right, y down; pixel {@code i} covers
 * {@code [i, i + 1]}, so a box over the whole image is {@code 0, 0, width, height}).
 *
 * @param name the class
 * @param xMin left edge
 * @param yMin upper edge
 * @param xMax right edge
 * @param yMax lower edge
 * @param difficult whether the object is marked as one that counts neither for nor against a detector
 */
public record BoxAnnotation(String name, float xMin, float yMin, float xMax, float yMax, boolean difficult)
        implements Serializable {

    public float width() {
        return xMax - xMin;
    }

    public float height() {
        return yMax - yMin;
    }

    /** Zero for a degenerate or inverted box. */
    public float area() {
        return Math.max(0, width()) * Math.max(0, height());
    }

    /** The part of the box inside {@code [0, width] × [0, height]}; its area is zero when nothing is. */
    public BoxAnnotation clipped(float width, float height) {
        return new BoxAnnotation(
                name, Math.max(0, xMin), Math.max(0, yMin), Math.min(width, xMax), Math.min(height, yMax), difficult);
    }

    /** The box after its image, {@code width} wide, was mirrored left to right. */
    public BoxAnnotation flippedHorizontally(float width) {
        return new BoxAnnotation(name, width - xMax, yMin, width - xMin, yMax, difficult);
    }

    /** The box after its image, {@code height} high, was mirrored top to bottom. */
    public BoxAnnotation flippedVertically(float height) {
        return new BoxAnnotation(name, xMin, height - yMax, xMax, height - yMin, difficult);
    }
}
