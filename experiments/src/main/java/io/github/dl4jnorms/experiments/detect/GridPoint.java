package io.github.dl4jnorms.experiments.detect;

import java.io.Serializable;
import java.util.Comparator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A point of the grid: what one run trains.
 *
 * @param norm      a norm's name as it was given, for example {@code gn}
 * @param batchSize training images in a step
 */
record GridPoint(
        @JsonProperty("norm") String norm,
        @JsonProperty("batchSize") int batchSize) implements Serializable, Comparable<GridPoint> {
    private static final Comparator<GridPoint> ORDER =
            Comparator.comparing(GridPoint::norm).thenComparingInt(GridPoint::batchSize);

    @Override
    public int compareTo(GridPoint other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return norm + " at batch size " + batchSize;
    }
}
