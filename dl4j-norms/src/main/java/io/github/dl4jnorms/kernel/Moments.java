package io.github.dl4jnorms.kernel;

/**
 * Mean and centred squares of some numbers.
 *
 * @param count how many numbers
 * @param mean their mean, or 0 where they are not centred
 * @param squares Σ (x − mean)²
 */
record Moments(long count, double mean, double squares) {

    static Moments of(Tile tile, int length, boolean centred) {
        double mean = centred ? tile.sum(0, length) / length : 0;
        return new Moments(length, mean, tile.centredSquares(0, length, mean));
    }

    /** Both together, by the formula of Chan, Golub and LeVeque (1983), which subtracts no large numbers. */
    Moments and(Moments other) {
        long n = count + other.count;
        double distance = other.mean - mean;
        double share = (double) other.count / n;
        return new Moments(n, mean + distance * share, squares + other.squares + distance * distance * count * share);
    }

    double variance() {
        return squares / count;
    }
}
