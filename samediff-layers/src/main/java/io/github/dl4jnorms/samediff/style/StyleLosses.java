package io.github.dl4jnorms.samediff.style;

/**
 * The two losses of a decoder's training, before they are weighted.
 *
 * @param content mean squared difference between relu4_1 of the result and its target
 * @param style of each channel's mean and standard deviation in relu1_1 to relu4_1, the mean squared difference between those of
 *     the result and those of the style, summed over layers and over the two
 */
public record StyleLosses(double content, double style) {

    /** {@code content + styleWeight · style}: what training minimizes. */
    public double total(double styleWeight) {
        return content + styleWeight * style;
    }
}
