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
    double sum(int from, int length) {
        double[] x = this.x;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from, end = from + length;
        for (; i + 3 < end; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    double centredSquares(int from, int length, double mean) {
        double[] x = this.x;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from, end = from + length;
        for (; i + 3 < end; i += 4) {
            double d0 = x[i] - mean, d1 = x[i + 1] - mean, d2 = x[i + 2] - mean, d3 = x[i + 3] - mean;
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < end; i++) {
            double d = x[i] - mean;
            s0 += d * d;
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
    void parameterGradients(
            Tile input, int from, int length, double mean, double scale, Tile dgamma, Tile dbeta, int at) {
        double[] dy = this.x, x = elements(input), dg = elements(dgamma), db = elements(dbeta);
        for (int i = from, j = at; i < from + length; i++, j++) {
            dg[j] += dy[i] * (x[i] - mean) * scale;
            db[j] += dy[i];
        }
    }

    @Override
    void multiply(Tile gamma, int from, int length, int at) {
        double[] x = this.x, g = elements(gamma);
        for (int i = from, j = at; i < from + length; i++, j++) {
            x[i] *= g[j];
        }
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
}
