package io.github.dl4jnorms.kernel;

/** Adds the gradients of weight penalties to a gradient: {@code g ← g + l1 · sign(w) + l2 · w}, one pass over memory. */
public final class Penalty {

    /** Elements that a thread takes at a time. */
    private static final int SHARE = 1 << 16;

    /** Elements in a piece: two pieces are in the first-level cache. */
    private static final int PIECE = 1 << 11;

    private Penalty() {}

    /** Adds to the first {@code length} elements of {@code g}, which has the type of {@code w}. */
    public static void addGradient(Memory w, Memory g, int length, double l1, double l2) {
        Parallel.forEach((length - 1) / SHARE + 1, length, i -> {
            int from = i * SHARE;
            int to = from + Math.min(SHARE, length - from);
            if (w.isFloat()) {
                floats(w, g, from, to, (float) l1, (float) l2);
            } else {
                doubles(w, g, from, to, l1, l2);
            }
        });
    }

    private static void floats(Memory w, Memory g, int from, int to, float l1, float l2) {
        float[] tw = new float[PIECE];
        float[] tg = new float[PIECE];
        for (int at = from; at < to; at += PIECE) {
            int length = Math.min(PIECE, to - at);
            w.floats().get(at, tw, 0, length);
            g.floats().get(at, tg, 0, length);
            add(tw, tg, length, l1, l2);
            g.floats().put(at, tg, 0, length);
        }
    }

    private static void doubles(Memory w, Memory g, int from, int to, double l1, double l2) {
        double[] tw = new double[PIECE];
        double[] tg = new double[PIECE];
        for (int at = from; at < to; at += PIECE) {
            int length = Math.min(PIECE, to - at);
            w.doubles().get(at, tw, 0, length);
            g.doubles().get(at, tg, 0, length);
            add(tw, tg, length, l1, l2);
            g.doubles().put(at, tg, 0, length);
        }
    }

    private static void add(float[] w, float[] g, int length, float l1, float l2) {
        for (int i = 0; i < length; i++) {
            // the sign by clipping, which compiles to vector instructions
            float sign = Math.min(Math.max(w[i] * Float.MAX_VALUE * Float.MAX_VALUE, -1f), 1f);
            g[i] += l1 * sign + l2 * w[i];
        }
    }

    private static void add(double[] w, double[] g, int length, double l1, double l2) {
        for (int i = 0; i < length; i++) {
            double sign = Math.min(Math.max(w[i] * Double.MAX_VALUE * Double.MAX_VALUE, -1), 1);
            g[i] += l1 * sign + l2 * w[i];
        }
    }
}
