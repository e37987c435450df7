package io.github.dl4jnorms.kernel;

/** {@link Tile} of floats, in plain loops. */
final class FloatTile extends Tile {

    private static final ThreadLocal<FloatTile[]> LOCAL = ThreadLocal.withInitial(() -> new FloatTile[SLOTS]);

    private final float[] x = new float[CAPACITY];

    static FloatTile local(int slot) {
        FloatTile[] tiles = LOCAL.get();
        if (tiles[slot] == null) {
            tiles[slot] = new FloatTile();
        }
        return tiles[slot];
    }

    @Override
    void read(Memory source, long from, int at, int length) {
        source.floats().get(Math.toIntExact(from), x, at, length);
    }

    @Override
    void write(Memory target, long to, int at, int length) {
        target.floats().put(Math.toIntExact(to), x, at, length);
    }

    @Override
    double sum(int from, int length) {
        float[] x = this.x;
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
        float[] x = this.x;
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
        float[] x = this.x;
        float mean = (float) affine.mean(), scale = (float) affine.scale(), shift = shift(affine);
        for (int i = from; i < from + length; i++) {
            x[i] = (x[i] - mean) * scale + shift;
        }
        if (slope == 0) {
            for (int i = from; i < from + length; i++) {
                x[i] = Math.max(x[i], 0f);
            }
        } else if (slope != 1) {
            float negative = (float) slope;
            for (int i = from; i < from + length; i++) {
                // not max(v, 0): a NaN must come out as NaN
                x[i] = x[i] <= 0 ? x[i] * negative : x[i];
            }
        }
    }

    @Override
    void gate(Tile input, int from, int length, RowAffine affine, double slope) {
        float[] dy = this.x, x = ((FloatTile) input).x;
        float mean = (float) affine.mean(), scale = (float) affine.scale(), shift = shift(affine);
        float negative = (float) slope;
        for (int i = from; i < from + length; i++) {
            float v = (x[i] - mean) * scale + shift;
            dy[i] *= negative + (1 - negative) * step(v);
        }
    }

    @Override
    void addRelu(Tile other, int length) {
        float[] x = this.x, y = ((FloatTile) other).x;
        for (int i = 0; i < length; i++) {
            x[i] = Math.max(x[i] + y[i], 0f);
        }
    }

    @Override
    void gateByOutput(Tile output, int length) {
        float[] dy = this.x, y = ((FloatTile) output).x;
        for (int i = 0; i < length; i++) {
            dy[i] *= step(y[i]);
        }
    }

    /** 1 for v &gt; 0, else 0, without the branch that a processor would guess wrong half the time. */
    private static float step(float v) {
        return Math.min(Math.max(v, 0f) * Float.MAX_VALUE * Float.MAX_VALUE, 1f);
    }

    @Override
    double dotCentred(Tile input, int from, int length, double mean) {
        float[] dy = this.x, x = ((FloatTile) input).x;
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
        float[] dy = this.x, x = ((FloatTile) input).x;
        float m = (float) mean, ca = (float) a, cb = (float) b, cc = (float) (c + (m - mean) * b);
        for (int i = from; i < from + length; i++) {
            dy[i] = ca * dy[i] + cb * (x[i] - m) + cc;
        }
    }

    /** β, and what the mean loses in a float: where x is close to the mean, x − mean is small and exact. */
    private static float shift(RowAffine affine) {
        return (float) (affine.shift() + ((float) affine.mean() - affine.mean()) * affine.scale());
    }
}
