package io.github.dl4jnorms.kernel;

/**
 * A piece of an off-heap array, staged in a heap array that fits the second-level cache, and the loops over it. All that is
 * specific to a number type, or to a way of computing (scalar, SIMD), is behind this class.
 *
 * <p>Every loop works on the elements {@code from} … {@code from + length − 1}, of another tile of the same type on the same
 * ones. Sums are accumulated in double, in four accumulators, whatever the type of the elements.
 */
abstract class Tile {

    /** Elements in a tile: 128 KiB of floats, so that the two or three tiles of a kernel fit the second-level cache. */
    static final int CAPACITY = 1 << 15;

    /** Tiles that one thread may have in use at a time. */
    static final int SLOTS = 3;

    /** Stages elements of off-heap memory. */
    abstract void read(Memory source, long position, int from, int length);

    /** Brings staged elements back. */
    abstract void write(Memory target, long position, int from, int length);

    /** Sets all of the tile's elements. */
    abstract void fill(double value);

    /** Σ this. */
    abstract double sum(int from, int length);

    /** Σ (this − mean)². */
    abstract double centredSquares(int from, int length, double mean);

    /** this ← (x − mean) · scale + shift; x may be this tile. */
    abstract void normalize(Tile x, int from, int length, RowAffine affine);

    /** this ← (x − mean) · scale · γ + β, with γ's and β's elements from {@code at} on; x may be this tile. */
    abstract void normalize(Tile x, int from, int length, double mean, double scale, Tile gamma, Tile beta, int at);

    /** this ← v for v &gt; 0, slope · v otherwise. */
    abstract void leaky(int from, int length, double slope);

    /** This tile holds a gradient, {@code output} what came out of {@link #leaky}: this ← slope · this where that is ≤ 0. */
    abstract void gate(Tile output, int from, int length, double slope);

    /** Adds Σ this to {@code sums[0]} and Σ this · (x − mean) to {@code sums[1]}. */
    abstract void sums(Tile x, int from, int length, double mean, double[] sums);

    /** this ← a · this + b · (x − mean) + c. */
    abstract void combine(Tile x, int from, int length, double mean, double a, double b, double c);

    /** This tile holds dy: dγ += dy · (x − mean) · scale and dβ += dy, from their element {@code at} on. */
    abstract void parameterGradients(
            Tile x, int from, int length, double mean, double scale, Tile dgamma, Tile dbeta, int at);

    /** this ← this · γ, with γ's elements from {@code at} on. */
    abstract void multiply(Tile gamma, int from, int length, int at);

    /** this ← this + other. */
    abstract void add(Tile other, int from, int length);

    /** Adds the first elements to {@code sums} and sets them to 0. */
    abstract void drain(int length, double[] sums);

    /** this ← x, a matrix of so many rows and columns at the tile's start, transposed. */
    abstract void transpose(Tile x, int rows, int columns);
}
