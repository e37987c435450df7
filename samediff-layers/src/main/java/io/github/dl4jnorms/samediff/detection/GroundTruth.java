package io.github.dl4jnorms.samediff.detection;

import java.util.Objects;

/**
 * An object that really is in the image.
 *
 * @param box        where
 * @param classIndex what, counted from 0
 * @param difficult  Pascal VOC's mark for an object that nobody is blamed for missing
 */
public record GroundTruth(Box box, int classIndex, boolean difficult) {

    /** @throws IllegalArgumentException if the class is negative */
    public GroundTruth {
        Objects.requireNonNull(box, "box");
        if (classIndex < 0) {
            throw new IllegalArgumentException("classIndex: got " + classIndex + ", takes 0 or more");
        }
    }
}
