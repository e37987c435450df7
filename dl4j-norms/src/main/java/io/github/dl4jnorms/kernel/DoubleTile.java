package io.github.dl4jnorms.kernel;

/** {@link Tile} of doubles, in plain loops. */
final class DoubleTile extends Tile {

    private static final ThreadLocal<DoubleTile[]> LOCAL = ThreadLocal.withInitial(() -> new DoubleTile[SLOTS]);

    private final double[] x = new double[CAPACITY];

    static DoubleTile local(int slot) {
        DoubleTile[] tiles = LOCAL.get();
        if (tiles[slot] == null) {
            tiles[slot] = new DoubleTile();
        }
        return tiles[slot];
    }

    @Override
    void read(Memory source, long from, int at, int length) {
        source.doubles().get(Math.toIntExact(from), x, at, length);
    }

    @Override
    void write(Memory target, long to, int at, int length) {
        target.doubles().put(Math.toIntExact(to), x, at, length);
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
    void normalize(int from, int length, RowAffine affine, double slope) {
        double[] x = this.x;
        double mean = affine.mean(), scale = affine.scale(), shift = affine.shift();
        for (int i = from; i < from + length; i++) {
            x[i] = (x[i] - mean) * scale + shift;
        }
        if (slope == 0) {
            for (int i = from; i < from + length; i++) {
                x[i] = Math.max(x[i], 0);
            }
        } else if (slope != 1) {
            double negative = slope;
            for (int i = from; i < from + length; i++) {
                // not max(v, 0): a NaN must come out as NaN
                x[i] = x[i] <= 0 ? x[i] * negative : x[i];
            }
        }
    }

    @Override
    void gate(Tile input, int from, int length, RowAffine affine, double slope) {
        double[] dy = this.x, x = ((DoubleTile) input).x;
        double mean = affine.mean(), scale = affine.scale(), shift = affine.shift();
        double negative = slope;
        for (int i = from; i < from + length; i++) {
            double v = (x[i] - mean) * scale + shift;
            dy[i] *= negative + (1 - negative) * step(v);
        }
    }

    @Override
    void addRelu(Tile other, int length) {
        double[] x = this.x, y = ((DoubleTile) other).x;
        for (int i = 0; i < length; i++) {
            x[i] = Math.max(x[i] + y[i], 0);
        }
    }

    @Override
    void gateByOutput(Tile output, int length) {
        double[] dy = this.x, y = ((DoubleTile) output).x;
        for (int i = 0; i < length; i++) {
            dy[i] *= step(y[i]);
        }
    }

    /** 1 for v &gt; 0, else 0, without the branch that a processor would guess wrong half the time. */
    private static double step(double v) {
        return Math.min(Math.max(v, 0) * Double.MAX_VALUE * Double.MAX_VALUE, 1);
    }

    @Override
    double dotCentred(Tile input, int from, int length, double mean) {
        double[] dy = this.x, x = ((DoubleTile) input).x;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = from, end = from + length;
        for (; i + 3 < end; i += 4) {
            s0 += dy[i] * (x[i] - mean);
            s1 += dy[i + 1] * (x[i + 1] - mean);
            s2 += dy[i + 2] * (x[i + 2] - mean);
            s3 += dy[i + 3] * (x[i + 3] - mean);
        }
        for (; i < end; i++) {
            s0 += dy[i] * (x[i] - mean);
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, double b, double c) {
        double[] dy = this.x, x = ((DoubleTile) input).x;
        double m = mean, ca = a, cb = b, cc = c;
        for (int i = from; i < from + length; i++) {
            dy[i] = ca * dy[i] + cb * (x[i] - m) + cc;
        }
    }
}
