package io.github.dl4jnorms.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Tile} of doubles, with the Vector API: as {@link SimdFloatTile}, but sums need no widening.
 */
final class SimdDoubleTile extends DoubleTile {

    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

    private static final int W = D.length();

    SimdDoubleTile(int capacity) {
        super(capacity);
    }

    @Override
    void moments(int from, int length, double pivot, double[] sums) {
        double[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        DoubleVector q0 = s0, q1 = s0, q2 = s0, q3 = s0;
        DoubleVector p = DoubleVector.broadcast(D, pivot);
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            DoubleVector d0 = DoubleVector.fromArray(D, x, i).sub(p);
            DoubleVector d1 = DoubleVector.fromArray(D, x, i + W).sub(p);
            DoubleVector d2 = DoubleVector.fromArray(D, x, i + 2 * W).sub(p);
            DoubleVector d3 = DoubleVector.fromArray(D, x, i + 3 * W).sub(p);
            s0 = s0.add(d0);
            s1 = s1.add(d1);
            s2 = s2.add(d2);
            s3 = s3.add(d3);
            q0 = d0.fma(d0, q0);
            q1 = d1.fma(d1, q1);
            q2 = d2.fma(d2, q2);
            q3 = d3.fma(d3, q3);
        }
        for (; i <= from + length - W; i += W) {
            DoubleVector d = DoubleVector.fromArray(D, x, i).sub(p);
            s0 = s0.add(d);
            q0 = d.fma(d, q0);
        }
        double s = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        double q = q0.add(q1).add(q2.add(q3)).reduceLanes(VectorOperators.ADD);
        for (; i < from + length; i++) {
            double d = x[i] - pivot;
            s += d;
            q += d * d;
        }
        sums[0] += s;
        sums[1] += q;
    }

    @Override
    double squares(int from, int length) {
        double[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        int i = from;
        for (; i <= from + length - 4 * W; i += 4 * W) {
            DoubleVector v0 = DoubleVector.fromArray(D, x, i);
            DoubleVector v1 = DoubleVector.fromArray(D, x, i + W);
            DoubleVector v2 = DoubleVector.fromArray(D, x, i + 2 * W);
            DoubleVector v3 = DoubleVector.fromArray(D, x, i + 3 * W);
            s0 = v0.fma(v0, s0);
            s1 = v1.fma(v1, s1);
            s2 = v2.fma(v2, s2);
            s3 = v3.fma(v3, s3);
        }
        for (; i <= from + length - W; i += W) {
            DoubleVector v = DoubleVector.fromArray(D, x, i);
            s0 = v.fma(v, s0);
        }
        double s = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        return s + super.squares(i, from + length - i);
    }

    @Override
    void normalize(Tile input, int from, int length, RowAffine affine) {
        double[] y = this.x, x = elements(input);
        DoubleVector m = DoubleVector.broadcast(D, affine.mean());
        DoubleVector scale = DoubleVector.broadcast(D, affine.scale());
        DoubleVector shift = DoubleVector.broadcast(D, affine.shift());
        int i = from, end = from + length - W;
        for (; i <= end; i += W) {
            DoubleVector.fromArray(D, x, i).sub(m).fma(scale, shift).intoArray(y, i);
        }
        super.normalize(input, i, from + length - i, affine);
    }

    @Override
    void normalize(Tile input, int from, int length, double mean, double scale, Tile gamma, Tile beta, int at) {
        double[] y = this.x, x = elements(input), g = elements(gamma), b = elements(beta);
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector s = DoubleVector.broadcast(D, scale);
        int i = from, j = at, end = from + length - W;
        for (; i <= end; i += W, j += W) {
            DoubleVector.fromArray(D, x, i)
                    .sub(m)
                    .mul(s)
                    .fma(DoubleVector.fromArray(D, g, j), DoubleVector.fromArray(D, b, j))
                    .intoArray(y, i);
        }
        super.normalize(input, i, from + length - i, mean, scale, gamma, beta, j);
    }

    @Override
    void scale(Tile input, int from, int length, double scale, Tile gamma, int at) {
        double[] y = this.x, x = elements(input), g = elements(gamma);
        DoubleVector s = DoubleVector.broadcast(D, scale);
        int i = from, j = at, end = from + length - W;
        for (; i <= end; i += W, j += W) {
            DoubleVector.fromArray(D, x, i)
                    .mul(s)
                    .mul(DoubleVector.fromArray(D, g, j))
                    .intoArray(y, i);
        }
        super.scale(input, i, from + length - i, scale, gamma, j);
    }

    @Override
    void leaky(int from, int length, double slope) {
        double[] x = this.x;
        DoubleVector zero = DoubleVector.zero(D);
        int i = from, end = from + length - W;
        for (; i <= end; i += W) {
            DoubleVector v = DoubleVector.fromArray(D, x, i);
            v.blend(slope == 0 ? zero : v.mul(slope), v.compare(VectorOperators.LE, zero))
                    .intoArray(x, i);
        }
        super.leaky(i, from + length - i, slope);
    }

    @Override
    void gate(Tile output, int from, int length, double slope) {
        double[] dy = this.x, y = elements(output);
        DoubleVector zero = DoubleVector.zero(D);
        int i = from, end = from + length - W;
        for (; i <= end; i += W) {
            DoubleVector v = DoubleVector.fromArray(D, dy, i);
            v.blend(v.mul(slope), DoubleVector.fromArray(D, y, i).compare(VectorOperators.LE, zero))
                    .intoArray(dy, i);
        }
        super.gate(output, i, from + length - i, slope);
    }

    @Override
    void sums(Tile input, int from, int length, double mean, double[] sums) {
        double[] dy = this.x, x = elements(input);
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector g0 = DoubleVector.zero(D), g1 = g0, d0 = g0, d1 = g0;
        int i = from;
        for (; i <= from + length - 2 * W; i += 2 * W) {
            DoubleVector a = DoubleVector.fromArray(D, dy, i);
            DoubleVector b = DoubleVector.fromArray(D, dy, i + W);
            g0 = g0.add(a);
            g1 = g1.add(b);
            d0 = a.fma(DoubleVector.fromArray(D, x, i).sub(m), d0);
            d1 = b.fma(DoubleVector.fromArray(D, x, i + W).sub(m), d1);
        }
        for (; i <= from + length - W; i += W) {
            DoubleVector a = DoubleVector.fromArray(D, dy, i);
            g0 = g0.add(a);
            d0 = a.fma(DoubleVector.fromArray(D, x, i).sub(m), d0);
        }
        sums[0] += g0.add(g1).reduceLanes(VectorOperators.ADD);
        sums[1] += d0.add(d1).reduceLanes(VectorOperators.ADD);
        super.sums(input, i, from + length - i, mean, sums);
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, double b, double c) {
        double[] dy = this.x, x = elements(input);
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector va = DoubleVector.broadcast(D, a);
        DoubleVector vb = DoubleVector.broadcast(D, b);
        DoubleVector vc = DoubleVector.broadcast(D, c);
        int i = from, end = from + length - W;
        for (; i <= end; i += W) {
            DoubleVector centred = DoubleVector.fromArray(D, x, i).sub(m);
            DoubleVector.fromArray(D, dy, i).fma(va, centred.fma(vb, vc)).intoArray(dy, i);
        }
        super.combine(input, i, from + length - i, mean, a, b, c);
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, Tile gamma, int at, double b, double c) {
        double[] dy = this.x, x = elements(input), g = elements(gamma);
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector va = DoubleVector.broadcast(D, a);
        DoubleVector vb = DoubleVector.broadcast(D, b);
        DoubleVector vc = DoubleVector.broadcast(D, c);
        int i = from, j = at, end = from + length - W;
        for (; i <= end; i += W, j += W) {
            DoubleVector rest = DoubleVector.fromArray(D, x, i).sub(m).fma(vb, vc);
            DoubleVector scaled = DoubleVector.fromArray(D, dy, i).mul(DoubleVector.fromArray(D, g, j));
            scaled.fma(va, rest).intoArray(dy, i);
        }
        super.combine(input, i, from + length - i, mean, a, gamma, j, b, c);
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
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector s = DoubleVector.broadcast(D, scale);
        DoubleVector sumG = DoubleVector.zero(D), sumGX = sumG;
        int vectors = length - length % W;
        for (int i = 0; i < vectors; i += W) {
            DoubleVector v = DoubleVector.fromArray(D, dy, from + i);
            DoubleVector centred = DoubleVector.fromArray(D, x, from + i).sub(m);
            DoubleVector scaled = v.mul(DoubleVector.fromArray(D, g, at + i));
            sumG = sumG.add(scaled);
            sumGX = scaled.fma(centred, sumGX);
            v.fma(centred.mul(s), DoubleVector.fromArray(D, dg, at + i)).intoArray(dg, at + i);
            v.add(DoubleVector.fromArray(D, db, at + i)).intoArray(db, at + i);
        }
        sums[0] += sumG.reduceLanes(VectorOperators.ADD);
        sums[1] += sumGX.reduceLanes(VectorOperators.ADD);
        super.sums(input, from + vectors, length - vectors, mean, scale, gamma, dgamma, dbeta, at + vectors, sums);
    }

    @Override
    void add(Tile other, int from, int length) {
        double[] x = this.x, y = elements(other);
        int i = from, end = from + length - W;
        for (; i <= end; i += W) {
            DoubleVector.fromArray(D, x, i).add(DoubleVector.fromArray(D, y, i)).intoArray(x, i);
        }
        super.add(other, i, from + length - i);
    }
}
