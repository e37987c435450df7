package io.github.dl4jnorms.kernel;

/** GELU in its tanh approximation, and its gradient; one pass over memory each. */
public final class Gelu {

    private Gelu() {}

    /** {@code y = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))} of {@code length} elements. */
    public static void forward(Memory x, Memory y, long length) {
        forEachPiece(length, (from, piece) -> {
            Tile tile = x.tile(0);
            tile.read(x, from, 0, piece);
            tile.gelu(0, piece);
            tile.write(y, from, 0, piece);
        });
    }

    /** {@code dx = dy · GELU'(x)}. */
    public static void backward(Memory x, Memory dy, Memory dx, long length) {
        forEachPiece(length, (from, piece) -> {
            Tile input = x.tile(0);
            Tile g = dy.tile(1);
            input.read(x, from, 0, piece);
            g.read(dy, from, 0, piece);
            g.geluGradient(input, 0, piece);
            g.write(dx, from, 0, piece);
        });
    }

    @FunctionalInterface
    private interface Piece {
        void accept(long from, int length);
    }

    private static void forEachPiece(long length, Piece piece) {
        int size = Tile.CAPACITY / 4; // in the second-level cache, and work for every thread
        int count = Math.toIntExact((length + size - 1) / size);
        Parallel.forEach(count, length, i -> {
            long from = (long) i * size;
            piece.accept(from, (int) Math.min(size, length - from));
        });
    }
}
