package io.github.dl4jnorms.kernel;

/**
 * What of a group is in a tile at a time: some of its rows, or a part of one.
 *
 * @param first the first of its rows, counted within the group
 * @param rows number of rows
 * @param at where in the row the part begins, 0 for whole rows
 * @param length elements of each row
 */
record Piece(RowGroups groups, int group, int first, int rows, int at, int length) {

    int size() {
        return rows * length;
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
