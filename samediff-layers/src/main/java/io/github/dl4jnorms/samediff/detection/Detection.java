package io.github.dl4jnorms.samediff.detection;

import java.util.Objects;

/**
 * An object that a detector claims to see.
 *
 * @param box        where
 * @param classIndex what, counted from 0
 * @param score      how sure, in [0, 1]
 */
public record Detection(Box box, int classIndex, float score) {

    /** @throws IllegalArgumentException if the class is negative or the score is outside [0, 1] */
    public Detection {
        Objects.requireNonNull(box, "box");
        if (classIndex < 0) {
            throw new IllegalArgumentException("classIndex: got " + classIndex + ", takes 0 or more");
        }
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score: got " + score + ", takes a number from 0 to 1");
        }
    }
}
