package io.github.dl4jnorms.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Tile} of floats, with the Vector API. Each loop goes in steps of a vector, or of as many as keep four sums or more
 * going, then of a vector, and leaves the last elements to a scalar loop. The statistics' sums widen half as many floats to a
 * vector of doubles; sums of squares and a gradient's are taken in float over {@value #BLOCK} elements, and these in double.
 *
 * <p>{@link #moments} is a method of more than 325 bytes of bytecode, so that C2 compiles it by itself. Inlined into a norm's
 * whole forward pass it uses up the nodes that C2 allows a method, and the vectors in the loops after it become objects: the
 * pass took four times as long in one start of five.
 */
final class SimdFloatTile extends FloatTile {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    /** As many floats as there are doubles in {@link #D}. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));

    private static final int V = F.length();
    private static final int W = D.length();

    /** A sum of squares below this may have lost some that float has no room for. */
    private static final double SMALLEST = 1e-25;

    SimdFloatTile(int capacity) {
        super(capacity);
    }

    private static DoubleVector wide(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(VectorOperators.F2D, D, 0);
    }

    @Override
    void moments(int from, int length, double pivot, double[] sums) {
        float[] x = this.x;
        DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
        DoubleVector q0 = s0, q1 = s0, q2 = s0, q3 = s0;
        DoubleVector p = DoubleVector.broadcast(D, pivot);
        int i = from, end = from + length - 4 * W;
        for (; i <= end; i += 4 * W) {
            DoubleVector d0 = wide(x, i).sub(p);
            DoubleVector d1 = wide(x, i + W).sub(p);
            DoubleVector d2 = wide(x, i + 2 * W).sub(p);
            DoubleVector d3 = wide(x, i + 3 * W).sub(p);
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
            DoubleVector d = wide(x, i).sub(p);
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
        float[] x = this.x;
        double sum = 0;
        int i = from, vectors = from + length - length % V;
        while (i < vectors) {
            FloatVector s0 = FloatVector.zero(F), s1 = s0, s2 = s0, s3 = s0;
            int stop = Math.min(vectors, i + BLOCK);
            for (; i <= stop - 4 * V; i += 4 * V) {
                FloatVector v0 = FloatVector.fromArray(F, x, i);
                FloatVector v1 = FloatVector.fromArray(F, x, i + V);
                FloatVector v2 = FloatVector.fromArray(F, x, i + 2 * V);
                FloatVector v3 = FloatVector.fromArray(F, x, i + 3 * V);
                s0 = v0.fma(v0, s0);
                s1 = v1.fma(v1, s1);
                s2 = v2.fma(v2, s2);
                s3 = v3.fma(v3, s3);
            }
            for (; i < stop; i += V) {
                FloatVector v = FloatVector.fromArray(F, x, i);
                s0 = v.fma(v, s0);
            }
            sum += s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        }
        for (; i < from + length; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum >= SMALLEST && sum <= Float.MAX_VALUE ? sum : super.squares(from, length);
    }

    @Override
    void normalize(Tile input, int from, int length, RowAffine affine) {
        float[] y = this.x, x = elements(input);
        FloatVector m = FloatVector.broadcast(F, (float) affine.mean());
        FloatVector scale = FloatVector.broadcast(F, (float) affine.scale());
        FloatVector shift = FloatVector.broadcast(F, shift(affine));
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
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
        int i = from, j = at, end = from + length - V;
        for (; i <= end; i += V, j += V) {
            FloatVector.fromArray(F, x, i)
                    .sub(m)
                    .fma(s, rest)
                    .fma(FloatVector.fromArray(F, g, j), FloatVector.fromArray(F, b, j))
                    .intoArray(y, i);
        }
        super.normalize(input, i, from + length - i, mean, scale, gamma, beta, j);
    }

    @Override
    void scale(Tile input, int from, int length, double scale, Tile gamma, int at) {
        float[] y = this.x, x = elements(input), g = elements(gamma);
        FloatVector s = FloatVector.broadcast(F, (float) scale);
        int i = from, j = at, end = from + length - V;
        for (; i <= end; i += V, j += V) {
            FloatVector.fromArray(F, x, i)
                    .mul(s)
                    .mul(FloatVector.fromArray(F, g, j))
                    .intoArray(y, i);
        }
        super.scale(input, i, from + length - i, scale, gamma, j);
    }

    @Override
    void leaky(int from, int length, double slope) {
        float[] x = this.x;
        FloatVector zero = FloatVector.zero(F);
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
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
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
            FloatVector v = FloatVector.fromArray(F, dy, i);
            v.blend(v.mul((float) slope), FloatVector.fromArray(F, y, i).compare(VectorOperators.LE, zero))
                    .intoArray(dy, i);
        }
        super.gate(output, i, from + length - i, slope);
    }

    @Override
    void sums(Tile input, int from, int length, double mean, double[] sums) {
        float[] dy = this.x, x = elements(input);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        double sumG = 0, sumGX = 0;
        int i = from, vectors = from + length - length % V;
        while (i < vectors) {
            FloatVector g0 = FloatVector.zero(F), g1 = g0, d0 = g0, d1 = g0;
            int stop = Math.min(vectors, i + BLOCK);
            for (; i <= stop - 2 * V; i += 2 * V) {
                FloatVector a = FloatVector.fromArray(F, dy, i);
                FloatVector b = FloatVector.fromArray(F, dy, i + V);
                g0 = g0.add(a);
                g1 = g1.add(b);
                d0 = FloatVector.fromArray(F, x, i).sub(m).fma(a, d0);
                d1 = FloatVector.fromArray(F, x, i + V).sub(m).fma(b, d1);
            }
            for (; i < stop; i += V) {
                FloatVector a = FloatVector.fromArray(F, dy, i);
                g0 = g0.add(a);
                d0 = FloatVector.fromArray(F, x, i).sub(m).fma(a, d0);
            }
            sumG += g0.add(g1).reduceLanes(VectorOperators.ADD);
            sumGX += d0.add(d1).reduceLanes(VectorOperators.ADD);
        }
        sumGX += ((float) mean - mean) * sumG; // what the mean loses in a float
        for (; i < from + length; i++) {
            sumG += dy[i];
            sumGX += dy[i] * (x[i] - mean);
        }
        sums[0] += sumG;
        sums[1] += sumGX;
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, double b, double c) {
        float[] dy = this.x, x = elements(input);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector va = FloatVector.broadcast(F, (float) a);
        FloatVector vb = FloatVector.broadcast(F, (float) b);
        FloatVector vc = FloatVector.broadcast(F, (float) (c + ((float) mean - mean) * b));
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
            FloatVector centred = FloatVector.fromArray(F, x, i).sub(m);
            FloatVector.fromArray(F, dy, i).fma(va, centred.fma(vb, vc)).intoArray(dy, i);
        }
        super.combine(input, i, from + length - i, mean, a, b, c);
    }

    @Override
    void combine(Tile input, int from, int length, double mean, double a, Tile gamma, int at, double b, double c) {
        float[] dy = this.x, x = elements(input), g = elements(gamma);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector va = FloatVector.broadcast(F, (float) a);
        FloatVector vb = FloatVector.broadcast(F, (float) b);
        FloatVector vc = FloatVector.broadcast(F, (float) (c + ((float) mean - mean) * b));
        int i = from, j = at, end = from + length - V;
        for (; i <= end; i += V, j += V) {
            FloatVector rest = FloatVector.fromArray(F, x, i).sub(m).fma(vb, vc);
            FloatVector scaled = FloatVector.fromArray(F, dy, i).mul(FloatVector.fromArray(F, g, j));
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
        float[] dy = this.x, x = elements(input), g = elements(gamma), dg = elements(dgamma), db = elements(dbeta);
        FloatVector m = FloatVector.broadcast(F, (float) mean);
        FloatVector rest = FloatVector.broadcast(F, (float) ((float) mean - mean));
        FloatVector s = FloatVector.broadcast(F, (float) scale);
        int vectors = length - length % V;
        for (int i = 0; i < vectors; ) {
            FloatVector sumG = FloatVector.zero(F), sumGX = sumG;
            for (int stop = Math.min(vectors, i + BLOCK); i < stop; i += V) {
                FloatVector v = FloatVector.fromArray(F, dy, from + i);
                FloatVector centred =
                        FloatVector.fromArray(F, x, from + i).sub(m).add(rest);
                FloatVector scaled = v.mul(FloatVector.fromArray(F, g, at + i));
                sumG = sumG.add(scaled);
                sumGX = scaled.fma(centred, sumGX);
                v.fma(centred.mul(s), FloatVector.fromArray(F, dg, at + i)).intoArray(dg, at + i);
                v.add(FloatVector.fromArray(F, db, at + i)).intoArray(db, at + i);
            }
            sums[0] += sumG.reduceLanes(VectorOperators.ADD);
            sums[1] += sumGX.reduceLanes(VectorOperators.ADD);
        }
        super.sums(input, from + vectors, length - vectors, mean, scale, gamma, dgamma, dbeta, at + vectors, sums);
    }

    @Override
    void add(Tile other, int from, int length) {
        float[] x = this.x, y = elements(other);
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
            FloatVector.fromArray(F, x, i).add(FloatVector.fromArray(F, y, i)).intoArray(x, i);
        }
        super.add(other, i, from + length - i);
    }

    @Override
    void softmax(int from, int length, double scale) {
        float[] x = this.x;
        int vectors = from + length - length % V;
        FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        for (int i = from; i < vectors; i += V) {
            most = most.max(FloatVector.fromArray(F, x, i));
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        for (int i = vectors; i < from + length; i++) {
            largest = Math.max(largest, x[i]);
        }
        if (largest == Float.NEGATIVE_INFINITY) {
            super.softmax(from, length, scale);
            return;
        }
        double sum = 0;
        for (int i = from; i < vectors; ) {
            FloatVector part = FloatVector.zero(F);
            for (int stop = Math.min(vectors, i + BLOCK); i < stop; i += V) {
                FloatVector e = FloatVector.fromArray(F, x, i)
                        .sub(largest)
                        .mul((float) scale)
                        .lanewise(VectorOperators.EXP);
                e.intoArray(x, i);
                part = part.add(e);
            }
            sum += part.reduceLanes(VectorOperators.ADD);
        }
        for (int i = vectors; i < from + length; i++) {
            x[i] = (float) Math.exp((x[i] - largest) * scale);
            sum += x[i];
        }
        float share = (float) (1 / sum);
        for (int i = from; i < vectors; i += V) {
            FloatVector.fromArray(F, x, i).mul(share).intoArray(x, i);
        }
        for (int i = vectors; i < from + length; i++) {
            x[i] *= share;
        }
    }

    @Override
    void softmaxGradient(Tile output, int from, int length, double scale) {
        float[] dy = this.x, y = elements(output);
        int vectors = from + length - length % V;
        double sum = 0;
        for (int i = from; i < vectors; ) {
            FloatVector part = FloatVector.zero(F);
            for (int stop = Math.min(vectors, i + BLOCK); i < stop; i += V) {
                part = FloatVector.fromArray(F, dy, i).fma(FloatVector.fromArray(F, y, i), part);
            }
            sum += part.reduceLanes(VectorOperators.ADD);
        }
        for (int i = vectors; i < from + length; i++) {
            sum += (double) y[i] * dy[i];
        }
        float mean = (float) sum, s = (float) scale;
        for (int i = from; i < vectors; i += V) {
            FloatVector p = FloatVector.fromArray(F, y, i).mul(s);
            FloatVector.fromArray(F, dy, i).sub(mean).mul(p).intoArray(dy, i);
        }
        for (int i = vectors; i < from + length; i++) {
            dy[i] = s * y[i] * (dy[i] - mean);
        }
    }

    /*
     * σ(2u) of Sigmoid.ofGelu, written out in both: as a method, its vectors would be objects.
     */

    @Override
    void gelu(int from, int length) {
        float[] x = this.x;
        FloatVector one = FloatVector.broadcast(F, 1);
        FloatVector linear = FloatVector.broadcast(F, (float) -Sigmoid.LINEAR);
        FloatVector cubic = FloatVector.broadcast(F, (float) -Sigmoid.CUBIC);
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            FloatVector e = v.mul(v).fma(cubic, linear).mul(v).lanewise(VectorOperators.EXP);
            v.div(e.add(one)).intoArray(x, i);
        }
        super.gelu(i, from + length - i);
    }

    @Override
    void geluGradient(Tile input, int from, int length) {
        float[] dy = this.x, x = elements(input);
        FloatVector one = FloatVector.broadcast(F, 1);
        FloatVector linear = FloatVector.broadcast(F, (float) -Sigmoid.LINEAR);
        FloatVector cubic = FloatVector.broadcast(F, (float) -Sigmoid.CUBIC);
        FloatVector three = FloatVector.broadcast(F, (float) (-3 * Sigmoid.CUBIC));
        int i = from, end = from + length - V;
        for (; i <= end; i += V) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            FloatVector square = v.mul(v);
            FloatVector e = square.fma(cubic, linear).mul(v).lanewise(VectorOperators.EXP);
            FloatVector s = one.div(e.add(one));
            // −x σ (2u)′ (1 − σ), with σ (1 − σ) as (1 − σ) σ
            FloatVector rest = square.fma(three, linear).mul(v).mul(s.sub(one));
            rest.fma(s, s).mul(FloatVector.fromArray(F, dy, i)).intoArray(dy, i);
        }
        super.geluGradient(input, i, from + length - i);
    }

    @Override
    void addGated(Tile branch, int from, int length, Tile gate, int at) {
        float[] x = this.x, b = elements(branch), g = elements(gate);
        int i = from, j = at, end = from + length - V;
        for (; i <= end; i += V, j += V) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            FloatVector w = FloatVector.fromArray(F, g, j);
            w.mul(FloatVector.fromArray(F, b, i))
                    .add(v)
                    .blend(v, w.compare(VectorOperators.EQ, 0))
                    .intoArray(x, i);
        }
        super.addGated(branch, i, from + length - i, gate, j);
    }

    @Override
    void gateGradient(Tile branch, int from, int length, Tile gate, Tile dgate, int at) {
        float[] dy = this.x, b = elements(branch), g = elements(gate), dg = elements(dgate);
        int i = from, j = at, end = from + length - V;
        for (; i <= end; i += V, j += V) {
            FloatVector d = FloatVector.fromArray(F, dy, i);
            d.fma(FloatVector.fromArray(F, b, i), FloatVector.fromArray(F, dg, j))
                    .intoArray(dg, j);
            d.mul(FloatVector.fromArray(F, g, j)).intoArray(dy, i);
        }
        super.gateGradient(branch, i, from + length - i, gate, dgate, j);
    }
}
