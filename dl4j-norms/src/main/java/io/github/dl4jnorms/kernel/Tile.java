package io.github.dl4jnorms.kernel;

/**
 * A piece of an off-heap array, staged in a heap array that fits the second-level cache, and the loops over it. All that is
 * specific to a number type, or to a way of computing (scalar, SIMD), is behind this class.
 *
 * <p>Every loop works on the elements {@code from} … {@code from + length − 1}, of another tile of the same type on the same
 * ones. Sums are accumulated in double, whatever the type of the elements; sums of squares and those of a gradient, in SIMD, in
 * blocks of {@value #BLOCK} elements of their own type.
 */
abstract class Tile {

    /** Elements in a tile: 128 KiB of floats, so that the two or three tiles of a kernel fit the second-level cache. */
    static final int CAPACITY = 1 << 15;

    /** Elements that may be summed in float: few enough that the sum is as exact as a product of floats. */
    static final int BLOCK = 512;

    /** Tiles that one thread may have in use at a time. */
    static final int SLOTS = 4;

    /** Stages elements of off-heap memory. */
    abstract void read(Memory source, long position, int from, int length);

    /** Brings staged elements back. */
    abstract void write(Memory target, long position, int from, int length);

    /** Sets all of the tile's elements. */
    abstract void fill(double value);

    /** The element {@code from}. */
    abstract double get(int from);

    /** Adds Σ (this − pivot) to {@code sums[0]} and Σ (this − pivot)² to {@code sums[1]}. */
    abstract void moments(int from, int length, double pivot, double[] sums);

    /** Σ this². */
    abstract double squares(int from, int length);

    /** this ← (x − mean) · scale + shift; x may be this tile. */
    abstract void normalize(Tile x, int from, int length, RowAffine affine);

    /** this ← (x − mean) · scale · γ + β, with γ's and β's elements from {@code at} on; x may be this tile. */
    abstract void normalize(Tile x, int from, int length, double mean, double scale, Tile gamma, Tile beta, int at);

    /** this ← x · scale · γ, with γ's elements from {@code at} on; x may be this tile. */
    abstract void scale(Tile x, int from, int length, double scale, Tile gamma, int at);

    /** this ← v for v &gt; 0, slope · v otherwise. */
    abstract void leaky(int from, int length, double slope);

    /** This tile holds a gradient, {@code output} what came out of {@link #leaky}: this ← slope · this where that is ≤ 0. */
    abstract void gate(Tile output, int from, int length, double slope);

    /** Adds Σ this to {@code sums[0]} and Σ this · (x − mean) to {@code sums[1]}. */
    abstract void sums(Tile x, int from, int length, double mean, double[] sums);

    /** this ← a · this + b · (x − mean) + c. */
    abstract void combine(Tile x, int from, int length, double mean, double a, double b, double c);

    /**
     * The same with a γ: this ← a · this · γ + b · (x − mean) + c, with γ's elements from {@code at} on.
     */
    abstract void combine(Tile x, int from, int length, double mean, double a, Tile gamma, int at, double b, double c);

    /**
     * This tile holds dy: adds Σ dy γ to {@code sums[0]} and Σ dy γ (x − mean) to {@code sums[1]}, and to the gradients of γ and
     * β, dγ += dy · (x − mean) · scale and dβ += dy; γ's and the gradients' elements are those from {@code at} on.
     */
    abstract void sums(
            Tile x,
            int from,
            int length,
            double mean,
            double scale,
            Tile gamma,
            Tile dgamma,
            Tile dbeta,
            int at,
            double[] sums);

    /** this ← this + other. */
    abstract void add(Tile other, int from, int length);

    /** Adds the first elements to {@code sums} and sets them to 0. */
    abstract void drain(int length, double[] sums);

    /** this ← x, a matrix of so many rows and columns at the tile's start, transposed. */
    abstract void transpose(Tile x, int rows, int columns);

    /** this ← −∞ where the keys' elements, from {@code at} on, are 0. */
    abstract void hide(Tile keys, int from, int length, int at);

    /** this ← softmax(scale · this), scale &gt; 0: 0 for −∞, and 0 everywhere if there is nothing else. */
    abstract void softmax(int from, int length, double scale);

    /** This tile holds dy, {@code y} what came out of {@link #softmax}: this ← scale · y (dy − Σ y dy). */
    abstract void softmaxGradient(Tile y, int from, int length, double scale);

    /** this ← GELU(this), in its tanh approximation. */
    abstract void gelu(int from, int length);

    /** This tile holds dy: this ← dy · GELU'(x). */
    abstract void geluGradient(Tile x, int from, int length);

    /** this ← this + gate · branch, this as it is where the gate is 0; with the gate's elements from {@code at} on. */
    abstract void addGated(Tile branch, int from, int length, Tile gate, int at);

    /** This tile holds dy: dgate += dy · branch, this ← dy · gate; with the gate's and dgate's elements from {@code at} on. */
    abstract void gateGradient(Tile branch, int from, int length, Tile gate, Tile dgate, int at);

    /** this ← this + row, this tile's elements from 0 on and the row's from {@code from} on. */
    abstract void addRow(Tile row, int from, int length);
}
