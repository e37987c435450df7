package io.github.dl4jnorms.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Tile} of floats, with the Vector API. Each loop goes in steps of a vector, or of four where there are sums, and
 * leaves the last elements to the scalar loop. Sums widen half as many floats to a vector of doubles.
 */
final class SimdFloatTile extends FloatTile {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    /** As many floats as there are doubles in {@link #D}. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

    private static final int W = D.length();

    SimdFloatTile(int capacity) {
        super(capacity);
    }

    private static DoubleVector wide(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(VectorOperators.F2D, D, 0);
    }

    @Override
    double sum(int from, int length) {
        float[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            s0 = s0.add(wide(x, i));
            s1 = s1.add(wide(x, i + W));
            s2 = s2.add(wide(x, i + 2 * W));
            s3 = s3.add(wide(x, i + 3 * W));
        }
        double s = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        return s + super.sum(i, from + length - i);
    }

    @Override
    double centredSquares(int from, int length, double mean) {
        float[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        DoubleVector m = DoubleVector.broadcast(D, mean);
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            DoubleVector d0 = wide(x, i).sub(m);
            DoubleVector d1 = wide(x, i + W).sub(m);
            DoubleVector d2 = wide(x, i + 2 * W).sub(m);
            DoubleVector d3 = wide(x, i + 3 * W).sub(m);
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
        float[] y = this.x, x = elements(input);
        FloatVector m = FloatVector.broadcast(F, (float) affine.mean());
        FloatVector scale = FloatVector.broadcast(F, (float) affine.scale());
        FloatVector shift = FloatVector.broadcast(F, shift(affine));
        int i = from, end = from + length - F.length();
        for (; i <= end; i += F.length()) {
            FloatVector.fromArray(F, x, i).sub(m).fma(scale, shift).intoArray(y, i);
        }
        super.normalize(input, i, from + length - i, affine);
    }

    @Override
    void normalize(Tile input, int from, int length, double mean, double scale, Tile gamma, Tile beta, int at) {
        float[] y = this.x, x = elements(input), g = elements(gamma), b = elements(beta);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector s = FloatVector.broadcast(F, (float) scale);
        FloatVector rest = FloatVector.broadcast(F, (float) (((float) mean - mean) * scale));
        int i = from, j = at, end = from + length - F.length();
        for (; i <= end; i += F.length(), j += F.length()) {
            FloatVector.fromArray(F, x, i)
                    .sub(m)
                    .fma(s, rest)
                    .fma(FloatVector.fromArray(F, g, j), FloatVector.fromArray(F, b, j))
                    .intoArray(y, i);
        }
        super.normalize(input, i, from + length - i, mean, scale, gamma, beta, j);
    }

    @Override
    void leaky(int from, int length, double slope) {
        float[] x = this.x;
        FloatVector zero = FloatVector.zero(F);
        int i = from, end = from + length - F.length();
        for (; i <= end; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            v.blend(slope == 0 ? zero : v.mul((float) slope), v.compare(VectorOperators.LE, zero))
                    .intoArray(x, i);
        }
        super.leaky(i, from + length - i, slope);
    }

    @Override
    void gate(Tile output, int from, int length, double slope) {
        float[] dy = this.x, y = elements(output);
        FloatVector zero = FloatVector.zero(F);
        int i = from, end = from + length - F.length();
        for (; i <= end; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, dy, i);
            v.blend(v.mul((float) slope), FloatVector.fromArray(F, y, i).compare(VectorOperators.LE, zero))
                    .intoArray(dy, i);
        }
        super.gate(output, i, from + length - i, slope);
    }

    @Override
    void sums(Tile input, int from, int length, double mean, double[] sums) {
        float[] dy = this.x, x = elements(input);
        DoubleVector g0 = DoubleVector.zero(D), g1 = g0, d0 = g0, d1 = g0;
        DoubleVector m = DoubleVector.broadcast(D, mean);
        int i = from, end = from + length - 2 * W;
        for (; i <= end; i += 2 * W) {
            DoubleVector a = wide(dy, i);
            DoubleVector b = wide(dy, i + W);
            g0 = g0.add(a);
            g1 = g1.add(b);
            d0 = a.fma(wide(x, i).sub(m), d0);
            d1 = b.fma(wide(x, i + W).sub(m), d1);
        }
        sums[0] += g0.add(g1).reduceLanes(VectorOperators.ADD);
        sums[1] += d0.add(d1).reduceLanes(VectorOperators.ADD);
        super.sums(input, i, from + length - i, mean, sums);
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, double b, double c) {
        float[] dy = this.x, x = elements(input);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector va = FloatVector.broadcast(F, (float) a);
        FloatVector vb = FloatVector.broadcast(F, (float) b);
        FloatVector vc = FloatVector.broadcast(F, (float) (c + ((float) mean - mean) * b));
        int i = from, end = from + length - F.length();
        for (; i <= end; i += F.length()) {
            FloatVector centred = FloatVector.fromArray(F, x, i).sub(m);
            FloatVector.fromArray(F, dy, i).fma(va, centred.fma(vb, vc)).intoArray(dy, i);
        }
        super.combine(input, i, from + length - i, mean, a, b, c);
    }

    @Override
    void parameterGradients(
            Tile input, int from, int length, double mean, double scale, Tile dgamma, Tile dbeta, int at) {
        float[] dy = this.x, x = elements(input), dg = elements(dgamma), db = elements(dbeta);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector s = FloatVector.broadcast(F, (float) scale);
        FloatVector rest = FloatVector.broadcast(F, (float) (((float) mean - mean) * scale));
        int i = from, j = at, end = from + length - F.length();
        for (; i <= end; i += F.length(), j += F.length()) {
            FloatVector g = FloatVector.fromArray(F, dy, i);
            FloatVector normalized = FloatVector.fromArray(F, x, i).sub(m).fma(s, rest);
            g.fma(normalized, FloatVector.fromArray(F, dg, j)).intoArray(dg, j);
            g.add(FloatVector.fromArray(F, db, j)).intoArray(db, j);
        }
        super.parameterGradients(input, i, from + length - i, mean, scale, dgamma, dbeta, j);
    }

    @Override
    void multiply(Tile gamma, int from, int length, int at) {
        float[] x = this.x, g = elements(gamma);
        int i = from, j = at, end = from + length - F.length();
        for (; i <= end; i += F.length(), j += F.length()) {
            FloatVector.fromArray(F, x, i).mul(FloatVector.fromArray(F, g, j)).intoArray(x, i);
        }
        super.multiply(gamma, i, from + length - i, j);
    }

    @Override
    void add(Tile other, int from, int length) {
        float[] x = this.x, y = elements(other);
        int i = from, end = from + length - F.length();
        for (; i <= end; i += F.length()) {
            FloatVector.fromArray(F, x, i).add(FloatVector.fromArray(F, y, i)).intoArray(x, i);
        }
        super.add(other, i, from + length - i);
    }
}
