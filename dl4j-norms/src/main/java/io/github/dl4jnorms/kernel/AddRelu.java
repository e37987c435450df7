package io.github.dl4jnorms.kernel;

/** {@code y = max(a + b, 0)}, the end of a residual block, and its gradient; one pass over memory each. */
public final class AddRelu {

    private AddRelu() {}

    /** Adds and clips {@code length} elements. */
    public static void forward(Memory a, Memory b, Memory y, long length) {
        forEachPiece(length, (from, piece) -> sum(a, b, from, piece).write(y, from, 0, piece));
    }

    /**
     * The gradient, which is one and the same for both terms: dy where a + b is positive, else 0.
     */
    public static void backward(Memory a, Memory b, Memory dy, Memory da, Memory db, long length) {
        forEachPiece(length, (from, piece) -> {
            Tile y = sum(a, b, from, piece);
            Tile g = dy.tile(2);
            g.read(dy, from, 0, piece);
            g.gate(y, 0, piece, 0);
            g.write(da, from, 0, piece);
            g.write(db, from, 0, piece);
        });
    }

    private static Tile sum(Memory a, Memory b, long from, int length) {
        Tile sum = a.tile(0);
        Tile other = b.tile(1);
        sum.read(a, from, 0, length);
        other.read(b, from, 0, length);
        sum.add(other, 0, length);
        sum.leaky(0, length, 0);
        return sum;
    }

    @FunctionalInterface
    private interface Piece {
        void accept(long from, int length);
    }

    private static void forEachPiece(long length, Piece piece) {
        int size = Tile.CAPACITY / 4; // three of them in the second-level cache, and work for every thread
        int count = Math.toIntExact((length + size - 1) / size);
        Parallel.forEach(count, length, i -> {
            long from = (long) i * size;
            piece.accept(from, (int) Math.min(size, length - from));
        });
    }
}
