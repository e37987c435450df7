package io.github.dl4jnorms.kernel;

/**
 * What is in a tile at a time: some whole groups that lie side by side, some rows of a group, or a part of a row.
 *
 * @param group the first group
 * @param count number of groups
 * @param first the first row, counted within the first group
 * @param rows number of rows, of all groups together
 * @param at where in the row the part begins, 0 for whole rows
 * @param length elements of each row
 */
record Piece(RowGroups groups, int group, int count, int first, int rows, int at, int length) {

    int size() {
        return rows * length;
    }

    /** Rows of each group. */
    int rowsOfGroup() {
        return rows / count;
    }

    /** Elements of each group. */
    int sizeOfGroup() {
        return rowsOfGroup() * length;
    }

    /** The number, in the array, of row {@code i} of this piece. */
    int row(int i) {
        return groups.row(group, first + i);
    }

    Tile read(Memory source, Tile tile) {
        if (groups.stride() == 1) {
            tile.read(source, position(0), 0, size());
            return tile;
        }
        for (int i = 0; i < rows; i++) {
            tile.read(source, position(i), i * length, length);
        }
        return tile;
    }

    void write(Tile tile, Memory target) {
        if (groups.stride() == 1) {
            tile.write(target, position(0), 0, size());
            return;
        }
        for (int i = 0; i < rows; i++) {
            tile.write(target, position(i), i * length, length);
        }
    }

    private long position(int i) {
        return (long) row(i) * groups.length() + at;
    }
}
