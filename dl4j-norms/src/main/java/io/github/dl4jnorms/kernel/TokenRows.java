package io.github.dl4jnorms.kernel;

/**
 * Arrays {@code [examples, tokens, size]} with a vector per example: the gated end of a residual branch, and its gradient; one
 * pass over memory each.
 *
 * @param size up to {@value #LARGEST}
 */
public record TokenRows(int examples, int tokens, int size) {

    /** The largest token. */
    public static final int LARGEST = Tile.CAPACITY;

    /** Rows that are summed in the elements' own type before they are added in double. */
    private static final int ROWS = 64;

    /** Tasks that an array is cut into, at least, so that sums are added in the same order whatever the threads. */
    private static final int TASKS = 8;

    public TokenRows {
        if (size > LARGEST) {
            throw new IllegalArgumentException("x: takes tokens of up to " + LARGEST + " numbers, received " + size);
        }
    }

    /** y = x + gate · branch with a gate {@code [examples, size]}; x bit for bit where the gate is 0. */
    public void addGated(Memory x, Memory branch, Memory gate, Memory y) {
        forEachBlock((share, example, row, rows) -> {
            Tile g = gate.tile(2);
            Tile sum = x.tile(0);
            Tile b = x.tile(1);
            g.read(gate, (long) example * size, 0, size);
            long from = position(example, row);
            sum.read(x, from, 0, rows * size);
            b.read(branch, from, 0, rows * size);
            for (int i = 0; i < rows; i++) {
                sum.addGated(b, i * size, size, g, 0);
            }
            sum.write(y, from, 0, rows * size);
        });
    }

    /**
     * The gradient with respect to branch and gate; that with respect to x is dy itself.
     *
     * @param dgate receives {@code [examples, size]}
     */
    public void gateGradient(Memory branch, Memory gate, Memory dy, Memory dbranch, double[] dgate) {
        double[][] sums = new double[shares() * examples][size];
        forEachBlock((share, example, row, rows) -> {
            Tile g = gate.tile(2);
            Tile gradient = dy.tile(0);
            Tile b = dy.tile(1);
            Tile own = dy.newTile(size);
            g.read(gate, (long) example * size, 0, size);
            long from = position(example, row);
            gradient.read(dy, from, 0, rows * size);
            b.read(branch, from, 0, rows * size);
            for (int i = 0; i < rows; i++) {
                gradient.gateGradient(b, i * size, size, g, own, 0);
            }
            gradient.write(dbranch, from, 0, rows * size);
            own.drain(size, sums[share * examples + example]);
        });
        for (int share = 0; share < shares(); share++) {
            for (int example = 0; example < examples; example++) {
                double[] sum = sums[share * examples + example];
                for (int i = 0; i < size; i++) {
                    dgate[example * size + i] += sum[i];
                }
            }
        }
    }

    /** y = bias {@code [size]} in each row. */
    public void fill(Memory bias, Memory y) {
        forEachBlock((share, example, row, rows) -> {
            Tile b = bias.tile(0);
            b.read(bias, 0, 0, size);
            for (int i = 0; i < rows; i++) {
                b.write(y, position(example, row + i), 0, size);
            }
        });
    }

    /** The sum of all rows. */
    public void sum(Memory dy, double[] dbias) {
        double[][] sums = new double[shares() * examples][size];
        forEachBlock((share, example, row, rows) -> {
            Tile g = dy.tile(0);
            Tile own = dy.newTile(size);
            g.read(dy, position(example, row), 0, rows * size);
            for (int i = 0; i < rows; i++) {
                own.addRow(g, i * size, size);
            }
            own.drain(size, sums[share * examples + example]);
        });
        for (double[] sum : sums) {
            for (int i = 0; i < size; i++) {
                dbias[i] += sum[i];
            }
        }
    }

    private long position(int example, int row) {
        return ((long) example * tokens + row) * size;
    }

    private int shares() {
        return Math.min(tokens, (TASKS + examples - 1) / examples);
    }

    @FunctionalInterface
    private interface Block {
        void accept(int share, int example, int row, int rows);
    }

    /** Goes through each share of each example's tokens in blocks that fit a tile. */
    private void forEachBlock(Block block) {
        int shares = shares();
        int step = Math.max(1, Math.min(ROWS, Tile.CAPACITY / 2 / size));
        Parallel.forEach(shares * examples, (long) examples * tokens * size, task -> {
            int share = task % shares;
            int end = (int) ((long) (share + 1) * tokens / shares);
            for (int row = (int) ((long) share * tokens / shares); row < end; row += step) {
                block.accept(share, task / shares, row, Math.min(step, end - row));
            }
        });
    }
}
