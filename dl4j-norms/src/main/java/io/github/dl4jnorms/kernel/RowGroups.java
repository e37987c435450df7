package io.github.dl4jnorms.kernel;

/**
 * Which rows of an array share statistics. The array is seen as rows of {@code length} contiguous elements; a group is
 * {@code rows} of them, {@code stride} apart.
 *
 * <p>Of a channels-first array {@code [N, C, …]} a row is one channel of one example. BatchNorm groups the rows of a channel
 * over all examples; GroupNorm groups neighbouring channels of one example; InstanceNorm is GroupNorm with as many groups as
 * channels. For LayerNorm and RMSNorm each row is a group.
 *
 * @param length elements of a row
 * @param count number of groups
 * @param rows rows in each group
 * @param stride distance between a group's rows, in rows
 */
public record RowGroups(int length, int count, int rows, int stride) {

    /** A group per channel, its rows those of every example. */
    public static RowGroups perChannel(int examples, int channels, int length) {
        return new RowGroups(length, channels, examples, channels);
    }

    /** {@code groups} groups per example, each of {@code channels / groups} neighbouring channels. */
    public static RowGroups perExample(int examples, int channels, int length, int groups) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "groups: takes a divisor of the " + channels + " channels, received " + groups);
        }
        return new RowGroups(length, examples * groups, channels / groups, 1);
    }

    /** A group per row. */
    public static RowGroups perRow(int rows, int length) {
        return new RowGroups(length, rows, 1, 1);
    }

    /** Elements that share one mean and variance. */
    public long size() {
        return (long) rows * length;
    }

    long elements() {
        return size() * count;
    }

    int allRows() {
        return count * rows;
    }

    int row(int group, int i) {
        int first = stride == 1 ? group * rows : group;
        return first + i * stride;
    }

    /** Number of pieces that a group is cut into: as many of its rows, or as much of one, as a tile holds. */
    int pieces() {
        return length <= Tile.CAPACITY ? (rows + rowsPerTile() - 1) / rowsPerTile() : rows * piecesPerRow();
    }

    int piecesPerRow() {
        return (length + Tile.CAPACITY - 1) / Tile.CAPACITY;
    }

    /** How many whole rows fit a tile. */
    int rowsPerTile() {
        return Tile.CAPACITY / Math.max(length, 1);
    }

    /**
     * How many groups to put into a piece: small ones that lie side by side are worked on together.
     *
     * @param threads that are to have some pieces each
     */
    int groupsPerPiece(int threads) {
        if (pieces() > 1) {
            return 1;
        }
        long fit = Tile.CAPACITY / Math.max(size(), 1);
        return (int) Math.max(1, Math.min(fit, count / (4 * threads)));
    }

    /** Number of pieces of all groups, with so many groups in a piece where they fit. */
    int allPieces(int groupsPerPiece) {
        return pieces() > 1 ? count * pieces() : (count + groupsPerPiece - 1) / groupsPerPiece;
    }

    /** The piece of number {@code k} among {@link #allPieces}. */
    Piece piece(int k, int groupsPerPiece) {
        if (pieces() > 1) {
            return part(k / pieces(), k % pieces());
        }
        int first = k * groupsPerPiece;
        return whole(first, Math.min(groupsPerPiece, count - first));
    }

    /** A piece of groups that lie side by side and fit a tile. */
    Piece whole(int group, int groups) {
        return new Piece(this, group, groups, 0, rows, 0, length);
    }

    /** The piece of number {@code k} of a group that does not fit a tile. */
    Piece part(int group, int k) {
        if (length <= Tile.CAPACITY) {
            int first = k * rowsPerTile();
            return new Piece(this, group, 1, first, Math.min(rowsPerTile(), rows - first), 0, length);
        }
        int at = k % piecesPerRow() * Tile.CAPACITY;
        return new Piece(this, group, 1, k / piecesPerRow(), 1, at, Math.min(Tile.CAPACITY, length - at));
    }
}
