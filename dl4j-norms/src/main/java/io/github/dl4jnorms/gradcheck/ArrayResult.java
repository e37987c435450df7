package io.github.dl4jnorms.gradcheck;

/**
 * How one parameter or input has fared.
 *
 * @param name its name; in a network, the layer's before it
 * @param length entries it has
 * @param checked entries that were compared
 * @param maxRelativeError the largest error, see {@link GradientCheck}; infinite where something is not a number
 * @param worstIndex where that is
 * @param analytic the backward pass's gradient there
 * @param numeric the central difference there
 */
public record ArrayResult(
        String name,
        long length,
        int checked,
        double maxRelativeError,
        String worstIndex,
        double analytic,
        double numeric) {}
