package io.github.dl4jnorms.kernel;

/**
 * Copies between a row-major array {@code [outer, rows, columns]} and memory in which the rows run fastest: element
 * {@code (o, r, c)} is at {@code o · outerStride + c · columnStride + r}. So a channels-last array is to one with channels
 * first, and a sequence's time steps to its channels.
 *
 * @param outer how many matrices
 * @param rows rows of each
 * @param columns columns of each
 * @param outerStride distance between matrices in the transposed memory
 * @param columnStride distance between columns there, at least {@code rows}
 */
public record Transpose(int outer, int rows, int columns, long outerStride, long columnStride) {

    /** Rows and columns of what is transposed at a time. */
    private static final int BLOCK = 128;

    /** From the transposed memory to the row-major one. */
    public void gather(Memory transposed, Memory rowMajor) {
        forEachBlock((o, row, height, column, width) -> {
            Tile in = transposed.tile(0);
            Tile out = transposed.tile(1);
            for (int c = 0; c < width; c++) {
                in.read(transposed, o * outerStride + (column + c) * columnStride + row, c * height, height);
            }
            out.transpose(in, width, height);
            for (int r = 0; r < height; r++) {
                out.write(rowMajor, rowMajorPosition(o, row + r, column), r * width, width);
            }
        });
    }

    /** From the row-major memory to the transposed one. */
    public void scatter(Memory rowMajor, Memory transposed) {
        forEachBlock((o, row, height, column, width) -> {
            Tile in = transposed.tile(0);
            Tile out = transposed.tile(1);
            for (int r = 0; r < height; r++) {
                in.read(rowMajor, rowMajorPosition(o, row + r, column), r * width, width);
            }
            out.transpose(in, height, width);
            for (int c = 0; c < width; c++) {
                out.write(transposed, o * outerStride + (column + c) * columnStride + row, c * height, height);
            }
        });
    }

    private long rowMajorPosition(long o, long row, long column) {
        return (o * rows + row) * columns + column;
    }

    @FunctionalInterface
    private interface Block {
        void accept(long o, int row, int height, int column, int width);
    }

    private void forEachBlock(Block block) {
        int down = (rows + BLOCK - 1) / BLOCK;
        int across = (columns + BLOCK - 1) / BLOCK;
        Parallel.forEach(outer * down * across, (long) outer * rows * columns, k -> {
            int row = k / across % down * BLOCK;
            int column = k % across * BLOCK;
            block.accept(
                    k / across / down, row, Math.min(BLOCK, rows - row), column, Math.min(BLOCK, columns - column));
        });
    }
}
