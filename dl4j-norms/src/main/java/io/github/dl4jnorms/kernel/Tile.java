package io.github.dl4jnorms.kernel;

/**
 * A piece of an off-heap array, staged in a heap array that fits the second-level cache, and the loops over it. All that is
 * specific to a number type, or to a way of computing (scalar, SIMD), is behind this class.
 *
 * <p>Sums are accumulated in double, in four accumulators, whatever the type of the elements.
 */
abstract class Tile {

    /** Elements in a tile: 256 KiB of floats. */
    static final int CAPACITY = 1 << 16;

    /** Tiles that one thread may have in use at a time. */
    static final int SLOTS = 3;

    abstract void read(Memory source, long from, int at, int length);

    abstract void write(Memory target, long to, int at, int length);

    /** Σ x. */
    abstract double sum(int from, int length);

    /** Σ (x − mean)². */
    abstract double centredSquares(int from, int length, double mean);

    /** x ← leaky((x − mean) · scale + shift), where leaky(v) = v for v &gt; 0, slope · v otherwise. */
    abstract void normalize(int from, int length, RowAffine affine, double slope);

    /** This tile holds dy, {@code x} the input: dy ← dy · leaky'((x − mean) · scale + shift). */
    abstract void gate(Tile x, int from, int length, RowAffine affine, double slope);

    /** x ← max(x + other, 0), from the tile's start. */
    abstract void addRelu(Tile other, int length);

    /** This tile holds dy, {@code output} what came out of a ReLU: dy ← dy where that is positive, else 0. */
    abstract void gateByOutput(Tile output, int length);

    /** Σ this · (x − mean). */
    abstract double dotCentred(Tile x, int from, int length, double mean);

    /** This tile holds dy: dy ← a · dy + b · (x − mean) + c. */
    abstract void combine(Tile x, int from, int length, double mean, double a, double b, double c);
}
