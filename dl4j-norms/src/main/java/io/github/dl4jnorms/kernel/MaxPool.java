package io.github.dl4jnorms.kernel;

/**
 * The largest value in each window of an image of floats, and its gradient, which goes to the first of the largest in
 * row-major order. Outside of the image there is nothing: a window that reaches over the edge is smaller.
 *
 * @param planes images times channels
 * @param vertical the windows along the height
 * @param horizontal the windows along the width
 */
public record MaxPool(int planes, Windows vertical, Windows horizontal) {

    /**
     * Windows along one dimension, none of them empty.
     *
     * @param size of the input
     * @param out number of windows
     * @param window elements in each
     * @param stride from one to the next
     * @param padding elements of the first that are not there
     */
    public record Windows(int size, int out, int window, int stride, int padding) {

        private int first(int i) {
            return Math.max(i * stride - padding, 0);
        }

        private int end(int i) {
            return Math.min(i * stride - padding + window, size);
        }
    }

    /** y ← the largest values. */
    public void forward(Memory x, Memory y) {
        int in = vertical.size * horizontal.size;
        int out = vertical.out * horizontal.out;
        Parallel.forEach(planes, (long) planes * in, plane -> {
            float[] image = new float[in];
            float[] pooled = new float[out];
            x.floats().get(plane * in, image);
            forward(image, pooled);
            y.floats().put(plane * out, pooled);
        });
    }

    private void forward(float[] image, float[] pooled) {
        int width = horizontal.size;
        float[] rows = new float[width];
        for (int i = 0, o = 0; i < vertical.out; i++) {
            int first = vertical.first(i);
            System.arraycopy(image, first * width, rows, 0, width);
            for (int row = first + 1; row < vertical.end(i); row++) {
                int at = row * width;
                for (int j = 0; j < width; j++) {
                    rows[j] = Math.max(rows[j], image[at + j]);
                }
            }
            for (int j = 0; j < horizontal.out; j++, o++) {
                float largest = Float.NEGATIVE_INFINITY;
                for (int column = horizontal.first(j); column < horizontal.end(j); column++) {
                    largest = Math.max(largest, rows[column]);
                }
                pooled[o] = largest;
            }
        }
    }

    /** dx ← the gradient. */
    public void backward(Memory x, Memory dy, Memory dx) {
        int in = vertical.size * horizontal.size;
        int out = vertical.out * horizontal.out;
        Parallel.forEach(planes, (long) planes * in, plane -> {
            float[] image = new float[in];
            float[] gradient = new float[out];
            float[] result = new float[in];
            x.floats().get(plane * in, image);
            dy.floats().get(plane * out, gradient);
            backward(image, gradient, result);
            dx.floats().put(plane * in, result);
        });
    }

    private void backward(float[] image, float[] gradient, float[] result) {
        for (int i = 0, o = 0; i < vertical.out; i++) {
            for (int j = 0; j < horizontal.out; j++, o++) {
                int largest = vertical.first(i) * horizontal.size + horizontal.first(j);
                for (int row = vertical.first(i); row < vertical.end(i); row++) {
                    for (int column = horizontal.first(j); column < horizontal.end(j); column++) {
                        int at = row * horizontal.size + column;
                        largest = image[at] > image[largest] ? at : largest;
                    }
                }
                result[largest] += gradient[o];
            }
        }
    }
}
