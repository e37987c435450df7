package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a peer is measured at: a norm, forward or backward, of a float array of some shape. Its text, {@code layer forward
 * 32x768}, is the benchmark's parameter and what processes send each other.
 *
 * <p>Forward is what training needs: with γ and β, and with the statistics that the backward pass takes. Backward is the
 * gradient of x, γ and β from x, dy and these statistics.
 */
public record Work(Norm norm, Direction direction, Shape shape) {
    /** Which pass. */
    public enum Direction {
        FORWARD(2),
        BACKWARD(3);

        private final int passes;

        Direction(int passes) {
            this.passes = passes;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The shape of x. */
    public record Shape(long... sizes) {
        public static Shape parse(String text) {
            return new Shape(
                    Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray());
        }

        public long elements() {
            return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        }

        public long bytes() {
            return elements() * Float.BYTES;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(sizes);
        }

        @Override
        public String toString() {
            return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining("x"));
        }
    }

    public static Work parse(String text) {
        String[] parts = text.split(" ");
        if (parts.length != 3) {
            throw new IllegalArgumentException("work: takes a norm, a direction and a shape, received " + text);
        }
        return new Work(
                Norm.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Direction.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                Shape.parse(parts[2]));
    }

    /** The bytes that must be moved whatever the algorithm: x in and y out, or x and dy in and dx out. */
    public long moved() {
        return direction.passes * shape.bytes();
    }

    public boolean forward() {
        return direction == Direction.FORWARD;
    }

    /** The same norm and shape in the other direction. */
    public Work turned() {
        return new Work(norm, forward() ? Direction.BACKWARD : Direction.FORWARD, shape);
    }

    /** Channels of a norm over channels, or the length of the rows. */
    public long channels() {
        return norm.perRow() ? shape.sizes()[shape.sizes().length - 1] : shape.sizes()[1];
    }

    @Override
    public String toString() {
        return norm + " " + direction + " " + shape;
    }
}
