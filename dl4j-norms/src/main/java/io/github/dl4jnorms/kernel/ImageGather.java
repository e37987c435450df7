package io.github.dl4jnorms.kernel;

/**
 * Images of floats whose pixels are copies of another image's: {@code y[i, j] = x[rows[i], columns[j]]}. Nearest-neighbour
 * upsampling and reflection padding are such, each row and column having its own source. The gradient of a pixel is the sum of
 * its copies'.
 *
 * @param planes images times channels
 * @param height of x
 * @param width of x
 * @param rows where each row of y is from
 * @param columns where each column of y is from
 */
public record ImageGather(int planes, int height, int width, int[] rows, int[] columns) {

    /** y ← the copies. */
    public void forward(Memory x, Memory y) {
        Parallel.forEach(planes, work(), plane -> {
            float[] source = new float[width];
            float[] row = new float[columns.length];
            int from = plane * height * width;
            int to = plane * rows.length * columns.length;
            for (int i = 0; i < rows.length; i++, to += columns.length) {
                if (i == 0 || rows[i] != rows[i - 1]) {
                    x.floats().get(from + rows[i] * width, source);
                    for (int j = 0; j < columns.length; j++) {
                        row[j] = source[columns[j]];
                    }
                }
                y.floats().put(to, row);
            }
        });
    }

    /** dx ← the gradient. */
    public void backward(Memory dy, Memory dx) {
        Parallel.forEach(planes, work(), plane -> {
            float[] row = new float[columns.length];
            float[] sums = new float[height * width];
            int from = plane * rows.length * columns.length;
            for (int i = 0; i < rows.length; i++, from += columns.length) {
                dy.floats().get(from, row);
                int to = rows[i] * width;
                for (int j = 0; j < columns.length; j++) {
                    sums[to + columns[j]] += row[j];
                }
            }
            dx.floats().put(plane * sums.length, sums);
        });
    }

    private long work() {
        return (long) planes * rows.length * columns.length;
    }
}
