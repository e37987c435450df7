package io.github.dl4jnorms.kernel;

import java.util.Arrays;

/** {@link Tile} of doubles, in plain loops. */
class DoubleTile extends Tile {

    final double[] x;

    DoubleTile(int capacity) {
        this.x = new double[capacity];
    }

    static double[] elements(Tile tile) {
        return ((DoubleTile) tile).x;
    }

    @Override
    final void read(Memory source, long position, int from, int length) {
        source.doubles().get(Math.toIntExact(position), x, from, length);
    }

    @Override
    final void write(Memory target, long position, int from, int length) {
        target.doubles().put(Math.toIntExact(position), x, from, length);
    }

    @Override
    final void fill(double value) {
        Arrays.fill(x, value);
    }

    @Override
    final double get(int from) {
        return x[from];
    }

    @Override
    void moments(int from, int length, double pivot, double[] sums) {
        double[] x = this.x;
        double s0 = 0, s1 = 0, q0 = 0, q1 = 0;
        int i = from, end = from + length;
        for (; i + 1 < end; i += 2) {
            double d0 = x[i] - pivot, d1 = x[i + 1] - pivot;
            s0 += d0;
            s1 += d1;
            q0 += d0 * d0;
            q1 += d1 * d1;
        }
        if (i < end) {
            double d = x[i] - pivot;
            s0 += d;
            q0 += d * d;
        }
        sums[0] += s0 + s1;
        sums[1] += q0 + q1;
    }

    @Override
    double squares(int from, int length) {
        double[] x = this.x;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from, end = from + length;
        for (; i + 3 < end; i += 4) {
            s0 += x[i] * x[i];
            s1 += x[i + 1] * x[i + 1];
            s2 += x[i + 2] * x[i + 2];
            s3 += x[i + 3] * x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i] * x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    void normalize(Tile input, int from, int length, RowAffine affine) {
        double[] y = this.x, x = elements(input);
        double mean = affine.mean(), scale = affine.scale(), shift = affine.shift();
        for (int i = from; i < from + length; i++) {
            y[i] = (x[i] - mean) * scale + shift;
        }
    }

    @Override
    void normalize(Tile input, int from, int length, double mean, double scale, Tile gamma, Tile beta, int at) {
        double[] y = this.x, x = elements(input), g = elements(gamma), b = elements(beta);
        for (int i = from, j = at; i < from + length; i++, j++) {
            y[i] = (x[i] - mean) * scale * g[j] + b[j];
        }
    }

    @Override
    void scale(Tile input, int from, int length, double scale, Tile gamma, int at) {
        double[] y = this.x, x = elements(input), g = elements(gamma);
        for (int i = from, j = at; i < from + length; i++, j++) {
            y[i] = x[i] * scale * g[j];
        }
    }

    @Override
    void leaky(int from, int length, double slope) {
        double[] x = this.x;
        // without branches, which a processor would guess wrong half the time; a NaN stays one
        if (slope == 0) {
            for (int i = from; i < from + length; i++) {
                x[i] = Math.max(x[i], 0);
            }
            return;
        }

        for (int i = from; i < from + length; i++) {
            x[i] = Math.max(x[i], 0) + slope * Math.min(x[i], 0);
        }
    }

    @Override
    void gate(Tile output, int from, int length, double slope) {
        double[] dy = this.x, y = elements(output);
        for (int i = from; i < from + length; i++) {
            // 1 for y > 0, else 0, without a branch
            double step = Math.min(Math.max(y[i], 0) * Double.MAX_VALUE * Double.MAX_VALUE, 1);
            dy[i] *= slope + (1 - slope) * step;
        }
    }

    @Override
    void sums(Tile input, int from, int length, double mean, double[] sums) {
        double[] dy = this.x, x = elements(input);
        double g0 = 0, g1 = 0, d0 = 0, d1 = 0;
        int i = from, end = from + length;
        for (; i + 1 < end; i += 2) {
            g0 += dy[i];
            g1 += dy[i + 1];
            d0 += dy[i] * (x[i] - mean);
            d1 += dy[i + 1] * (x[i + 1] - mean);
        }
        if (i < end) {
            g0 += dy[i];
            d0 += dy[i] * (x[i] - mean);
        }
        sums[0] += g0 + g1;
        sums[1] += d0 + d1;
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, double b, double c) {
        double[] dy = this.x, x = elements(input);
        for (int i = from; i < from + length; i++) {
            dy[i] = a * dy[i] + b * (x[i] - mean) + c;
        }
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, Tile gamma, int at, double b, double c) {
        double[] dy = this.x, x = elements(input), g = elements(gamma);
        for (int i = from, j = at; i < from + length; i++, j++) {
            dy[i] = a * dy[i] * g[j] + b * (x[i] - mean) + c;
        }
    }

    @Override
    void sums(
            Tile input,
            int from,
            int length,
            double mean,
            double scale,
            Tile gamma,
            Tile dgamma,
            Tile dbeta,
            int at,
            double[] sums) {
        double[] dy = this.x, x = elements(input), g = elements(gamma), dg = elements(dgamma), db = elements(dbeta);
        double sumG = 0, sumGX = 0;
        for (int i = from, j = at; i < from + length; i++, j++) {
            double v = dy[i] * g[j];
            double centred = x[i] - mean;
            sumG += v;
            sumGX += v * centred;
            dg[j] += dy[i] * centred * scale;
            db[j] += dy[i];
        }
        sums[0] += sumG;
        sums[1] += sumGX;
    }

    @Override
    void add(Tile other, int from, int length) {
        double[] x = this.x, y = elements(other);
        for (int i = from; i < from + length; i++) {
            x[i] += y[i];
        }
    }

    @Override
    final void drain(int length, double[] sums) {
        for (int i = 0; i < length; i++) {
            sums[i] += x[i];
        }
        Arrays.fill(x, 0, length, 0);
    }

    @Override
    final void transpose(Tile input, int rows, int columns) {
        double[] y = this.x, x = elements(input);
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                y[c * rows + r] = x[r * columns + c];
            }
        }
    }

    @Override
    void hide(Tile keys, int from, int length, int at) {
        double[] x = this.x, k = elements(keys);
        for (int i = from, j = at; i < from + length; i++, j++) {
            if (k[j] == 0) {
                x[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    @Override
    void softmax(int from, int length, double scale) {
        double[] x = this.x;
        int end = from + length;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < end; i++) {
            largest = Math.max(largest, x[i]);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            Arrays.fill(x, from, end, 0);
            return;
        }
        double sum = 0;
        for (int i = from; i < end; i++) {
            x[i] = Math.exp((x[i] - largest) * scale);
            sum += x[i];
        }
        double share = (1 / sum);
        for (int i = from; i < end; i++) {
            x[i] *= share;
        }
    }

    @Override
    void softmaxGradient(Tile output, int from, int length, double scale) {
        double[] dy = this.x, y = elements(output);
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += y[i] * dy[i];
        }
        double mean = sum, s = scale;
        for (int i = from; i < from + length; i++) {
            dy[i] = s * y[i] * (dy[i] - mean);
        }
    }

    @Override
    void gelu(int from, int length) {
        double[] x = this.x;
        for (int i = from; i < from + length; i++) {
            x[i] = (x[i] * Sigmoid.ofGelu(x[i]));
        }
    }

    @Override
    void geluGradient(Tile input, int from, int length) {
        double[] dy = this.x, x = elements(input);
        for (int i = from; i < from + length; i++) {
            double s = Sigmoid.ofGelu(x[i]);
            dy[i] *= (s + x[i] * s * (1 - s) * Sigmoid.slopeInGelu(x[i]));
        }
    }

    @Override
    void addGated(Tile branch, int from, int length, Tile gate, int at) {
        double[] x = this.x, b = elements(branch), g = elements(gate);
        for (int i = from, j = at; i < from + length; i++, j++) {
            // −0 + 0 would be 0, and 0 · ∞ is no number
            x[i] = g[j] == 0 ? x[i] : x[i] + g[j] * b[i];
        }
    }

    @Override
    void gateGradient(Tile branch, int from, int length, Tile gate, Tile dgate, int at) {
        double[] dy = this.x, b = elements(branch), g = elements(gate), dg = elements(dgate);
        for (int i = from, j = at; i < from + length; i++, j++) {
            dg[j] += dy[i] * b[i];
            dy[i] *= g[j];
        }
    }

    @Override
    void addRow(Tile row, int from, int length) {
        double[] x = this.x, y = elements(row);
        for (int i = 0; i < length; i++) {
            x[i] += y[from + i];
        }
    }
}
