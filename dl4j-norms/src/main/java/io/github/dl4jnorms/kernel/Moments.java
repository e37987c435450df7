package io.github.dl4jnorms.kernel;

/**
 * Mean and centred squares of some numbers.
 *
 * @param count how many numbers
 * @param mean their mean, or 0 where they are not centred
 * @param squares Σ (x − mean)²
 */
record Moments(long count, double mean, double squares) {

    /**
     * In one pass: with d = x − x₀, of which the variance is as that of x,
     * {@code mean = x₀ + Σ d / n} and {@code Σ (x − mean)² = Σ d² − (Σ d)² / n}. However far x₀ is from the other elements, it
     * is one of them, so that {@code (x₀ − mean)² ≤ Σ (x − mean)²}: the difference loses at most n roundings of a double.
     */
    static Moments of(Tile tile, int from, int length, boolean centred) {
        if (!centred) {
            return new Moments(length, 0, tile.squares(from, length));
        }
        double pivot = tile.get(from);
        double[] sums = new double[2];
        tile.moments(from, length, pivot, sums);
        double squares = sums[1] - sums[0] * sums[0] / length;
        return new Moments(length, pivot + sums[0] / length, squares < 0 ? 0 : squares);
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
