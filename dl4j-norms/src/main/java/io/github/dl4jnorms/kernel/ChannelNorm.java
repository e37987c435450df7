package io.github.dl4jnorms.kernel;

/**
 * The two functions behind every channel norm, on arrays {@code [N, C, length]}:
 *
 * <pre>
 * statistics:     mean = Σ x / m,   variance = Σ (x − mean)² / m           over the m elements of a group of rows
 * normalization:  y = leaky((x − mean) · γ / √(variance + ε) + β)          γ and β per channel
 * </pre>
 *
 * <p>and their gradient, with x̂ = (x − mean) / √(variance + ε) and g = dy · leaky'(γ x̂ + β):
 *
 * <pre>
 * dγ = Σ g x̂,   dβ = Σ g   per channel
 * dx = (γ g − mean(γ g) − x̂ · mean(γ g x̂)) / √(variance + ε)              means over the group
 * </pre>
 *
 * <p>A group that fits a {@link Tile} is read from memory once per direction; a longer one twice or three times. The variance
 * is centred. {@code leaky} is the fused activation: v for v &gt; 0, slope · v otherwise; slope 1 is none and slope 0 is ReLU.
 */
public final class ChannelNorm {

    private final RowGroups groups;
    private final double[] gamma;
    private final double[] beta;
    private final double epsilon;
    private final double slope;

    /**
     * @param groups which rows share statistics
     * @param gamma scale per channel, or null for 1
     * @param beta shift per channel, or null for 0
     * @param epsilon what is added to the variance
     * @param slope of the fused leaky ReLU for negative values; 1 for no activation
     */
    public ChannelNorm(RowGroups groups, double[] gamma, double[] beta, double epsilon, double slope) {
        this.groups = groups;
        this.gamma = gamma;
        this.beta = beta;
        this.epsilon = epsilon;
        this.slope = slope;
    }

    /**
     * Computes statistics and normalizes by them.
     *
     * @param x input
     * @param y output; may be the input's memory
     * @param mean receives the mean of each group
     * @param variance receives the biased variance of each group
     */
    public void forward(Memory x, Memory y, double[] mean, double[] variance) {
        Parallel.forEach(groups.count(), elements(), group -> {
            Tile tile = x.tile(0);
            if (fitsTile()) {
                readGroup(tile, x, group);
                statistics(tile, group, mean, variance);
                for (int i = 0; i < groups.rows(); i++) {
                    RowAffine affine = affine(groups.row(group, i), mean[group], variance[group]);
                    tile.normalize(i * groups.length(), groups.length(), affine, slope);
                }
                writeGroup(tile, y, group);
            } else {
                streamStatistics(tile, x, group, mean, variance);
                normalizeGroup(tile, x, y, group, mean[group], variance[group]);
            }
        });
    }

    /** Computes the mean and the biased variance of each group. */
    public void statistics(Memory x, double[] mean, double[] variance) {
        Parallel.forEach(groups.count(), elements(), group -> {
            Tile tile = x.tile(0);
            if (fitsTile()) {
                readGroup(tile, x, group);
                statistics(tile, group, mean, variance);
            } else {
                streamStatistics(tile, x, group, mean, variance);
            }
        });
    }

    /** Normalizes by given statistics, for instance BatchNorm's running ones. */
    public void normalize(Memory x, Memory y, double[] mean, double[] variance) {
        Parallel.forEach(
                groups.count(),
                elements(),
                group -> normalizeGroup(x.tile(0), x, y, group, mean[group], variance[group]));
    }

    /**
     * The gradient.
     *
     * @param x input of the forward pass
     * @param dy gradient with respect to its output
     * @param dx receives the gradient with respect to x
     * @param mean of each group, as the forward pass gave it
     * @param variance of each group, as the forward pass gave it
     * @param fixed whether the statistics were given rather than computed from x, so that no gradient flows through them
     * @param dgamma receives the gradient with respect to γ
     * @param dbeta receives the gradient with respect to β
     */
    public void backward(
            Memory x,
            Memory dy,
            Memory dx,
            double[] mean,
            double[] variance,
            boolean fixed,
            double[] dgamma,
            double[] dbeta) {
        double[] sumG = new double[groups.allRows()];
        double[] sumGX = new double[groups.allRows()];
        Parallel.forEach(groups.count(), elements(), group -> {
            double mu = mean[group];
            double inverse = inverse(variance[group]);
            Tile tx = x.tile(0);
            Tile tg = x.tile(1);
            boolean once = fitsTile();
            if (once) {
                readGroup(tx, x, group);
                readGroup(tg, dy, group);
            }
            double[] means = new double[2]; // of γ g and of γ g x̂
            forEachPiece((i, at, length) -> {
                int row = groups.row(group, i);
                int from = once ? i * groups.length() : 0;
                if (!once) {
                    tx.read(x, position(row) + at, 0, length);
                    tg.read(dy, position(row) + at, 0, length);
                }
                gate(tg, tx, from, length, affine(row, mu, variance[group]));
                double g = tg.sum(from, length);
                double gx = tg.dotCentred(tx, from, length, mu) * inverse;
                sumG[row] += g;
                sumGX[row] += gx;
                means[0] += gamma(row) * g / groups.size();
                means[1] += gamma(row) * gx / groups.size();
            });
            double b = fixed ? 0 : -inverse * inverse * means[1];
            double c = fixed ? 0 : -inverse * means[0];
            forEachPiece((i, at, length) -> {
                int row = groups.row(group, i);
                double a = gamma(row) * inverse;
                if (once) {
                    tg.combine(tx, i * groups.length(), length, mu, a, b, c);
                    return;
                }
                tx.read(x, position(row) + at, 0, length);
                tg.read(dy, position(row) + at, 0, length);
                gate(tg, tx, 0, length, affine(row, mu, variance[group]));
                tg.combine(tx, 0, length, mu, a, b, c);
                tg.write(dx, position(row) + at, 0, length);
            });
            if (once) {
                writeGroup(tg, dx, group);
            }
        });
        for (int row = 0; row < groups.allRows(); row++) {
            dgamma[groups.channel(row)] += sumGX[row];
            dbeta[groups.channel(row)] += sumG[row];
        }
    }

    private void statistics(Tile tile, int group, double[] mean, double[] variance) {
        int size = (int) groups.size();
        mean[group] = tile.sum(0, size) / size;
        variance[group] = tile.centredSquares(0, size, mean[group]) / size;
    }

    private void streamStatistics(Tile tile, Memory x, int group, double[] mean, double[] variance) {
        mean[group] = 0;
        forEachPiece((i, at, length) -> {
            tile.read(x, position(groups.row(group, i)) + at, 0, length);
            mean[group] += tile.sum(0, length) / groups.size();
        });
        variance[group] = 0;
        forEachPiece((i, at, length) -> {
            tile.read(x, position(groups.row(group, i)) + at, 0, length);
            variance[group] += tile.centredSquares(0, length, mean[group]) / groups.size();
        });
    }

    private void normalizeGroup(Tile tile, Memory x, Memory y, int group, double mean, double variance) {
        forEachPiece((i, at, length) -> {
            int row = groups.row(group, i);
            tile.read(x, position(row) + at, 0, length);
            tile.normalize(0, length, affine(row, mean, variance), slope);
            tile.write(y, position(row) + at, 0, length);
        });
    }

    private void gate(Tile dy, Tile x, int from, int length, RowAffine affine) {
        if (slope != 1) {
            dy.gate(x, from, length, affine, slope);
        }
    }

    /** What is done with {@code length} elements of a group's row {@code i}, from the row's element {@code at} on. */
    @FunctionalInterface
    private interface Piece {
        void accept(int i, int at, int length);
    }

    /** Goes through a group's rows in pieces that fit a tile. */
    private void forEachPiece(Piece piece) {
        for (int i = 0; i < groups.rows(); i++) {
            for (int at = 0; at < groups.length(); at += Tile.CAPACITY) {
                piece.accept(i, at, Math.min(Tile.CAPACITY, groups.length() - at));
            }
        }
    }

    private void readGroup(Tile tile, Memory x, int group) {
        if (groups.stride() == 1) {
            tile.read(x, position(groups.row(group, 0)), 0, (int) groups.size());
            return;
        }
        for (int i = 0; i < groups.rows(); i++) {
            tile.read(x, position(groups.row(group, i)), i * groups.length(), groups.length());
        }
    }

    private void writeGroup(Tile tile, Memory y, int group) {
        if (groups.stride() == 1) {
            tile.write(y, position(groups.row(group, 0)), 0, (int) groups.size());
            return;
        }
        for (int i = 0; i < groups.rows(); i++) {
            tile.write(y, position(groups.row(group, i)), i * groups.length(), groups.length());
        }
    }

    private RowAffine affine(int row, double mean, double variance) {
        double shift = beta == null ? 0 : beta[groups.channel(row)];
        return new RowAffine(mean, gamma(row) * inverse(variance), shift);
    }

    private double gamma(int row) {
        return gamma == null ? 1 : gamma[groups.channel(row)];
    }

    private double inverse(double variance) {
        return 1 / Math.sqrt(variance + epsilon);
    }

    private boolean fitsTile() {
        return groups.size() <= Tile.CAPACITY;
    }

    private long position(int row) {
        return (long) row * groups.length();
    }

    private long elements() {
        return groups.size() * groups.count();
    }
}
