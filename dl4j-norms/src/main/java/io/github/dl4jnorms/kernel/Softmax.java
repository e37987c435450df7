package io.github.dl4jnorms.kernel;

/**
 * The softmax of rows and its gradient, in place: an attention's weights
 * {@code p = exp(scale · x) / Σ exp(scale · x)}. Keys that are hidden get the weight 0; without any key all weights are 0.
 *
 * @param length of a row, up to {@value #LONGEST}
 */
public record Softmax(int length, double scale) {

    /** The longest row. */
    public static final int LONGEST = Tile.CAPACITY;

    public Softmax {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("length: takes 1 to " + LONGEST + ", received " + length);
        }
    }

    /**
     * p ← softmax(scale · p).
     *
     * @param p rows from {@code position} on
     * @param keys null, or a number per element of a row, from {@code key} on: 0 hides it
     */
    public void forward(Memory p, long position, int rows, Memory keys, long key) {
        Tile hidden = keys == null ? null : keys.tile(1);
        if (keys != null) {
            hidden.read(keys, key, 0, length);
        }
        int step = LONGEST / 4 / length + 1; // few enough for the second-level cache
        for (int row = 0; row < rows; row += step) {
            int count = Math.min(step, rows - row);
            long from = position + (long) row * length;
            Tile tile = p.tile(0);
            tile.read(p, from, 0, count * length);
            for (int i = 0; i < count; i++) {
                if (keys != null) {
                    tile.hide(hidden, i * length, length, 0);
                }
                tile.softmax(i * length, length, scale);
            }
            tile.write(p, from, 0, count * length);
        }
    }

    /** dp ← the gradient with respect to what p was the softmax of, p at {@code position}, dp at {@code gradient}. */
    public void backward(Memory p, long position, Memory dp, long gradient, int rows) {
        int step = LONGEST / 4 / length + 1;
        for (int row = 0; row < rows; row += step) {
            int count = Math.min(step, rows - row);
            long from = (long) row * length;
            Tile y = p.tile(0);
            Tile g = dp.tile(1);
            y.read(p, position + from, 0, count * length);
            g.read(dp, gradient + from, 0, count * length);
            for (int i = 0; i < count; i++) {
                g.softmaxGradient(y, i * length, length, scale);
            }
            g.write(dp, gradient + from, 0, count * length);
        }
    }
}
