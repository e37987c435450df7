package io.github.dl4jnorms.kernel;

/**
 * What is in a tile at a time: some whole groups that lie side by side, some rows of a group, or a part of a row.
 *
 * <p>The rows lie in the tile as they do in the array: those of neighbouring rows' groups one group after the other, those of
 * strided groups in turns.
 *
 * @param group the first group
 * @param count number of groups
 * @param first the first row, counted within each group
 * @param rows number of rows of each group
 * @param at where in the row the part begins, 0 for whole rows
 * @param length elements of each row
 */
record Piece(RowGroups groups, int group, int count, int first, int rows, int at, int length) {

    /** Rows of all groups together. */
    int allRows() {
        return count * rows;
    }

    int size() {
        return allRows() * length;
    }

    /** The number, in the array, of row {@code i} of group {@code k} of this piece. */
    int row(int k, int i) {
        return groups.row(group + k, first + i);
    }

    /** Where row {@code i} of group {@code k} begins in the tile. */
    int from(int k, int i) {
        return (inTurns() ? i * count + k : k * rows + i) * length;
    }

    /** Of how many stretches of elements a group consists in the tile: they begin {@link #from from(k, stretch)}. */
    int stretches() {
        return inTurns() ? rows : 1;
    }

    int stretchLength() {
        return inTurns() ? length : rows * length;
    }

    private boolean inTurns() {
        return groups.stride() != 1 && count > 1;
    }

    Tile read(Memory source, Tile tile) {
        if (groups.stride() == 1) {
            tile.read(source, position(0), 0, size());
            return tile;
        }
        int together = count * length;
        for (int i = 0; i < rows; i++) {
            tile.read(source, position(i), i * together, together);
        }
        return tile;
    }

    void write(Tile tile, Memory target) {
        if (groups.stride() == 1) {
            tile.write(target, position(0), 0, size());
            return;
        }
        int together = count * length;
        for (int i = 0; i < rows; i++) {
            tile.write(target, position(i), i * together, together);
        }
    }

    private long position(int i) {
        return (long) row(0, i) * groups.length() + at;
    }
}
