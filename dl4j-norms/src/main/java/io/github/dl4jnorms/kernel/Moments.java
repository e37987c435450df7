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
     * Of group {@code k} of a piece, in one pass: with d = x − x₀, of which the variance is as that of x,
     * {@code mean = x₀ + Σ d / n} and {@code Σ (x − mean)² = Σ d² − (Σ d)² / n}. However far x₀ is from the other elements, it
     * is one of them, so that {@code (x₀ − mean)² ≤ Σ (x − mean)²}: the difference loses at most n roundings of a double.
     *
     * @param sums room for two, the caller's so that many small groups leave no garbage
     */
    static Moments of(Tile tile, Piece piece, int k, boolean centred, double[] sums) {
        int stretches = piece.stretches();
        int length = piece.stretchLength();
        long count = (long) stretches * length;
        if (!centred) {
            double squares = 0;
            for (int i = 0; i < stretches; i++) {
                squares += tile.squares(piece.from(k, i), length);
            }
            return new Moments(count, 0, squares);
        }
        double pivot = tile.get(piece.from(k, 0));
        sums[0] = 0;
        sums[1] = 0;
        for (int i = 0; i < stretches; i++) {
            tile.moments(piece.from(k, i), length, pivot, sums);
        }
        double squares = sums[1] - sums[0] * sums[0] / count;
        return new Moments(count, pivot + sums[0] / count, squares < 0 ? 0 : squares);
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
