package io.github.dl4jnorms.kernel;

/** {@code y = max(a + b, 0)}, the end of a residual block, and its gradient; one pass over memory each. */
public final class AddRelu {

    private AddRelu() {}

    /** Adds and clips {@code length} elements. */
    public static void forward(Memory a, Memory b, Memory y, long length) {
        forEachPiece(length, (from, piece) -> {
            Tile ta = a.tile(0);
            Tile tb = b.tile(1);
            ta.read(a, from, 0, piece);
            tb.read(b, from, 0, piece);
            ta.addRelu(tb, piece);
            ta.write(y, from, 0, piece);
        });
    }

    /**
     * The gradient, which is one and the same for both terms: dy where a + b is positive, else 0.
     */
    public static void backward(Memory a, Memory b, Memory dy, Memory da, Memory db, long length) {
        forEachPiece(length, (from, piece) -> {
            Tile ta = a.tile(0);
            Tile tb = b.tile(1);
            Tile tg = dy.tile(2);
            ta.read(a, from, 0, piece);
            tb.read(b, from, 0, piece);
            tg.read(dy, from, 0, piece);
            ta.addRelu(tb, piece);
            tg.gateByOutput(ta, piece);
            tg.write(da, from, 0, piece);
            tg.write(db, from, 0, piece);
        });
    }

    @FunctionalInterface
    private interface Piece {
        void accept(long from, int length);
    }

    private static void forEachPiece(long length, Piece piece) {
        int size = Tile.CAPACITY / 8; // three of them in the second-level cache, and work for every thread
        int count = Math.toIntExact((length + size - 1) / size);
        Parallel.forEach(count, length, i -> {
            long from = (long) i * size;
            piece.accept(from, (int) Math.min(size, length - from));
        });
    }
}
