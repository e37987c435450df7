package io.github.dl4jnorms.samediff.detection;

/**
 * What each channel of an FCOS prediction (and of its target) means: the head writes them, the loss and the decoder
 * read them.
 *
 * <table>
 * <caption>{@code 5 + K} channels for {@code K} classes</caption>
 * <tr><th>channel</th><th>prediction</th><th>target</th></tr>
 * <tr><td>0, 1, 2, 3</td><td>distance from the location to the box's left, top, right, bottom edge, in strides</td>
 *     <td>the same of the true box</td></tr>
 * <tr><td>4</td><td>logit of the centerness</td><td>the centerness, from 0 to 1</td></tr>
 * <tr><td>5 ...</td><td>logit of each class</td><td>1 for the object's class, else 0; all 0: background</td></tr>
 * </table>
 *
 * The location of cell {@code (row, column)} on a level of stride {@code s} is the pixel position
 * {@code x = (column + 0.5) s, y = (row + 0.5) s}.
 */
public final class FcosChannels {

    public static final int LEFT = 0;
    public static final int TOP = 1;
    public static final int RIGHT = 2;
    public static final int BOTTOM = 3;
    public static final int CENTERNESS = 4;
    public static final int FIRST_CLASS = 5;

    private FcosChannels() {}

    /** The number of channels for that many classes. */
    public static int count(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("classes: got " + classes + ", takes 1 or more");
        }
        return FIRST_CLASS + classes;
    }
}
