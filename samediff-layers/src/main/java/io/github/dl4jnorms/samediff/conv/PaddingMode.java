package io.github.dl4jnorms.samediff.conv;

/** What is around an image where a kernel reaches over its edge. */
public enum PaddingMode {
    /** Nothing: 0 everywhere. */
    ZEROS,
    /** The image, mirrored at its first and last rows and columns, which are not repeated: row −1 is row 1. */
    REFLECT
}
