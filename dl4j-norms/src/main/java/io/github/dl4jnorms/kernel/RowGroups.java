package io.github.dl4jnorms.kernel;

/**
 * Which rows of a channels-first array share statistics. The array is seen as {@code [examples, channels, length]}: a row is
 * the {@code length} contiguous elements of one channel of one example, row number {@code n · channels + c}.
 *
 * <p>BatchNorm groups the rows of a channel over all examples; GroupNorm groups neighbouring channels of one example;
 * InstanceNorm is GroupNorm with as many groups as channels.
 *
 * @param examples number of examples, N
 * @param channels number of channels, C
 * @param length elements of a row: the product of the spatial dimensions
 * @param count number of groups
 * @param rows rows in each group
 * @param stride distance between a group's rows, in rows
 */
public record RowGroups(int examples, int channels, int length, int count, int rows, int stride) {

    /** A group per channel, its rows those of every example. */
    public static RowGroups perChannel(int examples, int channels, int length) {
        return new RowGroups(examples, channels, length, channels, examples, channels);
    }

    /** {@code groups} groups per example, each of {@code channels / groups} neighbouring channels. */
    public static RowGroups perExample(int examples, int channels, int length, int groups) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "groups: takes a divisor of the " + channels + " channels, received " + groups);
        }
        return new RowGroups(examples, channels, length, examples * groups, channels / groups, 1);
    }

    /** Elements that share one mean and variance. */
    public long size() {
        return (long) rows * length;
    }

    int row(int group, int i) {
        int first = stride == 1 ? group * rows : group;
        return first + i * stride;
    }

    int channel(int row) {
        return row % channels;
    }

    int allRows() {
        return examples * channels;
    }
}
