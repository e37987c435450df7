package io.github.dl4jnorms.samediff.dit;

/** How a diffusion transformer's blocks learn of the condition: the variants that its paper compares, and none. */
public enum Conditioning {
    /** Shift, scale and gate from the condition by a projection that starts at 0: each block starts as the identity. */
    ADALN_ZERO,
    /** The same by a projection that starts at random. */
    ADALN,
    /** The condition as tokens beside those of the image. */
    IN_CONTEXT,
    /** Not at all. */
    NONE;

    /** Whether blocks are modulated by the condition, and have it as an input. */
    boolean modulates() {
        return this == ADALN_ZERO || this == ADALN;
    }
}
