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
    double sum(int from, int length) {
        double[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            s0 = s0.add(DoubleVector.fromArray(D, x, i));
            s1 = s1.add(DoubleVector.fromArray(D, x, i + W));
            s2 = s2.add(DoubleVector.fromArray(D, x, i + 2 * W));
            s3 = s3.add(DoubleVector.fromArray(D, x, i + 3 * W));
        }
        double s = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        return s + super.sum(i, from + length - i);
    }

    @Override
    double centredSquares(int from, int length, double mean) {
        double[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        DoubleVector m = DoubleVector.broadcast(D, mean);
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            DoubleVector d0 = DoubleVector.fromArray(D, x, i).sub(m);
            DoubleVector d1 = DoubleVector.fromArray(D, x, i + W).sub(m);
            DoubleVector d2 = DoubleVector.fromArray(D, x, i + 2 * W).sub(m);
            DoubleVector d3 = DoubleVector.fromArray(D, x, i + 3 * W).sub(m);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        double s = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        return s + super.centredSquares(i, from + length - i, mean);
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
        DoubleVector g0 = DoubleVector.zero(D), g1 = g0, d0 = g0, d1 = g0;
        DoubleVector m = DoubleVector.broadcast(D, mean);
        int i = from, end = from + length - 2 * W;
        for (; i <= end; i += 2 * W) {
            DoubleVector a = DoubleVector.fromArray(D, dy, i);
            DoubleVector b = DoubleVector.fromArray(D, dy, i + W);
            g0 = g0.add(a);
            g1 = g1.add(b);
            d0 = a.fma(DoubleVector.fromArray(D, x, i).sub(m), d0);
            d1 = b.fma(DoubleVector.fromArray(D, x, i + W).sub(m), d1);
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
    void parameterGradients(
            Tile input, int from, int length, double mean, double scale, Tile dgamma, Tile dbeta, int at) {
        double[] dy = this.x, x = elements(input), dg = elements(dgamma), db = elements(dbeta);
        DoubleVector m = DoubleVector.broadcast(D, mean);
        DoubleVector s = DoubleVector.broadcast(D, scale);
        int i = from, j = at, end = from + length - W;
        for (; i <= end; i += W, j += W) {
            DoubleVector g = DoubleVector.fromArray(D, dy, i);
            DoubleVector normalized = DoubleVector.fromArray(D, x, i).sub(m).mul(s);
            g.fma(normalized, DoubleVector.fromArray(D, dg, j)).intoArray(dg, j);
            g.add(DoubleVector.fromArray(D, db, j)).intoArray(db, j);
        }
        super.parameterGradients(input, i, from + length - i, mean, scale, dgamma, dbeta, j);
    }

    @Override
    void multiply(Tile gamma, int from, int length, int at) {
        double[] x = this.x, g = elements(gamma);
        int i = from, j = at, end = from + length - W;
        for (; i <= end; i += W, j += W) {
            DoubleVector.fromArray(D, x, i).mul(DoubleVector.fromArray(D, g, j)).intoArray(x, i);
        }
        super.multiply(gamma, i, from + length - i, j);
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
