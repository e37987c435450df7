package io.github.dl4jnorms.kernel;

/**
 * The two functions behind every norm, on groups of rows of m elements:
 *
 * <pre>
 * statistics:     mean = Σ x / m,   variance = Σ (x − mean)² / m
 * normalization:  y = leaky(x̂ · γ + β + residual),   x̂ = (x − mean) / √(variance + ε)
 * </pre>
 *
 * <p>and their gradient, with g = dy · leaky'(γ x̂ + β + residual), which is the residual's own gradient:
 *
 * <pre>
 * dγ = Σ g x̂,   dβ = Σ g
 * dx = (γ g − mean(γ g) − x̂ · mean(γ g x̂)) / √(variance + ε)              means over the group
 * </pre>
 *
 * <p>Without centring, the mean is 0 and the variance the mean square, and the term mean(γ g) is not there. {@code leaky} is
 * the fused activation: v for v &gt; 0, slope · v otherwise; slope 1 is none and slope 0 is ReLU. Which elements share a γ and
 * a β is the subclass's business.
 *
 * <p>A group that fits a tile is read from memory once per direction, small ones together. A larger one is cut into pieces that all threads work
 * on, first for the statistics, which are merged, and then for the rest. The variance is centred always.
 */
public abstract class GroupedNorm {

    static final int X = 0;
    static final int DY = 1;
    /** The forward pass done again, to know where its activation was negative. */
    static final int Y = 2;

    private static final int RESIDUAL = 3;

    final RowGroups groups;
    final boolean centred;
    final double epsilon;
    final double slope;
    /** What is added before the activation, or null. */
    private final Memory residual;

    GroupedNorm(RowGroups groups, Memory residual, boolean centred, double epsilon, double slope) {
        this.groups = groups;
        this.residual = residual;
        this.centred = centred;
        this.epsilon = epsilon;
        this.slope = slope;
    }

    /** x̂ · γ + β of a piece, from one tile to another or to itself, by the statistics of all groups. */
    abstract void normalize(Piece piece, Tile x, Tile y, double[] mean, double[] variance);

    /**
     * Computes statistics and normalizes by them.
     *
     * @param x input
     * @param y output; may be the input's memory
     * @param mean receives the mean of each group
     * @param variance receives the biased variance of each group
     */
    public final void forward(Memory x, Memory y, double[] mean, double[] variance) {
        if (groups.pieces() > 1) {
            statistics(x, mean, variance);
            normalize(x, y, mean, variance);
            return;
        }
        forEachPiece((k, piece) -> {
            Tile tile = piece.read(x, x.tile(X));
            double[] sums = new double[2];
            for (int i = 0; i < piece.count(); i++) {
                Moments moments = Moments.of(tile, piece, i, centred, sums);
                mean[piece.group() + i] = moments.mean();
                variance[piece.group() + i] = moments.variance();
            }
            normalizeAndActivate(piece, tile, tile, mean, variance);
            piece.write(tile, y);
        });
    }

    /** Computes the mean and the biased variance of each group. */
    public final void statistics(Memory x, double[] mean, double[] variance) {
        int pieces = groups.pieces();
        Moments[] moments = new Moments[groups.count() * pieces];
        forEachPiece((k, piece) -> {
            Tile tile = piece.read(x, x.tile(X));
            int first = pieces > 1 ? k : piece.group();
            double[] sums = new double[2];
            for (int i = 0; i < piece.count(); i++) {
                moments[first + i] = Moments.of(tile, piece, i, centred, sums);
            }
        });
        for (int group = 0; group < groups.count(); group++) {
            Moments all = moments[group * pieces];
            for (int k = 1; k < pieces; k++) {
                all = all.and(moments[group * pieces + k]);
            }
            mean[group] = all.mean();
            variance[group] = all.variance();
        }
    }

    /** Normalizes by given statistics, for instance BatchNorm's running ones. */
    public final void normalize(Memory x, Memory y, double[] mean, double[] variance) {
        forEachPiece((k, piece) -> {
            Tile tile = piece.read(x, x.tile(X));
            normalizeAndActivate(piece, tile, tile, mean, variance);
            piece.write(tile, y);
        });
    }

    /**
     * The gradient of {@link #statistics}: {@code dx = dmean / m + 2 (x − mean) dvariance / m}.
     *
     * @param dx receives the gradient with respect to x
     */
    public final void statisticsGradient(Memory x, Memory dx, double[] mean, double[] dmean, double[] dvariance) {
        double share = 1.0 / groups.size();
        forEachPiece((number, piece) -> {
            Tile tile = piece.read(x, x.tile(X));
            for (int k = 0; k < piece.count(); k++) {
                int group = piece.group() + k;
                RowAffine affine =
                        new RowAffine(mean[group], 2 * dvariance[group] * share, centred ? dmean[group] * share : 0);
                for (int i = 0; i < piece.stretches(); i++) {
                    tile.normalize(tile, piece.from(k, i), piece.stretchLength(), affine);
                }
            }
            piece.write(tile, dx);
        });
    }

    private void normalizeAndActivate(Piece piece, Tile x, Tile y, double[] mean, double[] variance) {
        normalize(piece, x, y, mean, variance);
        if (residual != null) {
            y.add(piece.read(residual, residual.tile(RESIDUAL)), 0, piece.size());
        }
        if (slope != 1) {
            y.leaky(0, piece.size(), slope);
        }
    }

    /** g of a piece, and x with it, in this thread's tiles. */
    final Tile readGradient(Piece piece, Memory x, Memory dy, double[] mean, double[] variance) {
        Tile tx = piece.read(x, x.tile(X));
        Tile g = piece.read(dy, dy.tile(DY));
        if (slope != 1) {
            Tile y = x.tile(Y);
            normalizeAndActivate(piece, tx, y, mean, variance);
            g.gate(y, 0, piece.size(), slope);
        }
        return g;
    }

    /** What dx has besides γ g / √(variance + ε): slope · (x − mean) + constant. */
    record Correction(double slope, double constant) {

        static final Correction NONE = new Correction(0, 0);

        Correction plus(double slope, double constant) {
            return new Correction(this.slope + slope, this.constant + constant);
        }
    }

    /**
     * @param sumG Σ γ g over the group
     * @param sumGX Σ γ g (x − mean) over the group
     */
    final Correction correction(double sumG, double sumGX, double variance) {
        double inverse = inverse(variance);
        return new Correction(
                -inverse * inverse * inverse * sumGX / groups.size(), centred ? -inverse * sumG / groups.size() : 0);
    }

    final double inverse(double variance) {
        return 1 / Math.sqrt(variance + epsilon);
    }

    @FunctionalInterface
    interface PieceTask {
        void accept(int k, Piece piece);
    }

    final void forEachPiece(PieceTask task) {
        int together = groups.groupsPerPiece(Parallel.threads());
        Parallel.forEach(groups.allPieces(together), groups.elements(), k -> task.accept(k, groups.piece(k, together)));
    }
}
