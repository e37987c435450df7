package io.github.dl4jnorms.kernel;

import java.util.Arrays;

/**
 * The norms of each row with a γ and a β per element of a row, on arrays {@code [rows, length]}: LayerNorm and, without
 * centring, RMSNorm.
 */
public final class RowNorm extends GroupedNorm {

    private final boolean affine;
    /** RMSNorm's usual form, with less to read than the general one. */
    private final boolean scaledOnly;

    private final Tile gamma;
    private final Tile beta;

    /**
     * @param x the array to be normalized, for its type
     * @param gamma scale per element of a row, of x's type, or null for 1
     * @param beta shift per element of a row, of x's type, or null for 0
     * @param centred whether the mean is taken away
     * @param epsilon what is added to the variance
     * @param slope of the fused leaky ReLU for negative values; 1 for no activation
     */
    public RowNorm(
            Memory x, int rows, int length, Memory gamma, Memory beta, boolean centred, double epsilon, double slope) {
        super(RowGroups.perRow(rows, length), centred, epsilon, slope);
        this.affine = gamma != null || beta != null;
        this.scaledOnly = affine && beta == null && !centred;
        this.gamma = affine ? parameter(x, gamma, 1) : null;
        this.beta = affine ? parameter(x, beta, 0) : null;
    }

    private Tile parameter(Memory x, Memory values, double otherwise) {
        Tile tile = x.newTile(groups.length());
        if (values == null) {
            tile.fill(otherwise);
        } else {
            tile.read(values, 0, 0, groups.length());
        }
        return tile;
    }

    @Override
    void normalize(Piece piece, Tile x, Tile y, double mean, double scale) {
        if (scaledOnly) {
            y.scale(x, 0, piece.size(), scale, gamma, piece.at());
        } else if (affine) {
            y.normalize(x, 0, piece.size(), mean, scale, gamma, beta, piece.at());
        } else {
            y.normalize(x, 0, piece.size(), new RowAffine(mean, scale, 0));
        }
    }

    /**
     * The gradient.
     *
     * @param x input of the forward pass
     * @param dy gradient with respect to its output
     * @param dx receives the gradient with respect to x
     * @param mean of each row, as the forward pass gave it
     * @param variance of each row, as the forward pass gave it
     * @param dgamma receives the gradient with respect to γ, unless there is neither γ nor β
     * @param dbeta receives the gradient with respect to β, unless there is neither
     */
    public void backward(
            Memory x, Memory dy, Memory dx, double[] mean, double[] variance, double[] dgamma, double[] dbeta) {
        int rows = groups.count();
        int parts = groups.pieces();
        // a fixed share of the rows for each task, so that sums are always added in the same order
        int shares = Math.min(rows, Math.max(1, 4 * Parallel.threads() / parts));
        ParameterSums[] parameterSums = new ParameterSums[shares * parts];
        // Σ γ g and Σ γ g (x − mean), of each row or part of one
        double[] sumG = new double[rows * parts];
        double[] sumGX = new double[rows * parts];
        Parallel.forEach(shares * parts, groups.elements(), task -> {
            int share = task / parts;
            int part = task % parts;
            ParameterSums own = new ParameterSums(x, groups.piece(0, part).length());
            parameterSums[task] = own;
            double[] sums = new double[2];
            int end = (int) ((long) (share + 1) * rows / shares);
            for (int row = (int) ((long) share * rows / shares); row < end; row++) {
                Piece piece = groups.piece(row, part);
                Tile g = readGradient(piece, x, dy, mean[row], variance[row]);
                Arrays.fill(sums, 0);
                if (affine) {
                    own.add(g, x.tile(X), mean[row], inverse(variance[row]), gamma, piece.at(), sums);
                } else {
                    g.sums(x.tile(X), 0, piece.size(), mean[row], sums);
                }
                sumG[row * parts + part] = sums[0];
                sumGX[row * parts + part] = sums[1];
                if (parts == 1) {
                    combine(piece, x, g, dx, mean[row], variance[row], sums[0], sums[1]);
                }
            }
            own.drain();
        });
        if (parts > 1) {
            forEachPiece((k, piece) -> {
                int row = piece.group();
                Tile g = readGradient(piece, x, dy, mean[row], variance[row]);
                double rowG = 0;
                double rowGX = 0;
                for (int part = row * parts; part < (row + 1) * parts; part++) {
                    rowG += sumG[part];
                    rowGX += sumGX[part];
                }
                combine(piece, x, g, dx, mean[row], variance[row], rowG, rowGX);
            });
        }
        for (int task = 0; task < parameterSums.length; task++) {
            parameterSums[task].addTo(
                    dgamma, dbeta, groups.piece(0, task % parts).at());
        }
    }

    private void combine(
            Piece piece, Memory x, Tile g, Memory dx, double mean, double variance, double sumG, double sumGX) {
        Correction correction = correction(sumG, sumGX, variance);
        double scale = inverse(variance);
        double slope = correction.slope();
        double constant = correction.constant();
        if (affine) {
            g.combine(x.tile(X), 0, piece.size(), mean, scale, gamma, piece.at(), slope, constant);
        } else {
            g.combine(x.tile(X), 0, piece.size(), mean, scale, slope, constant);
        }
        piece.write(g, dx);
    }

    /** Σ over rows of g x̂ and of g, for each element of a row or of a part of one. */
    private static final class ParameterSums {

        /** Rows that are added in the elements' own type before they are added in double. */
        private static final int BLOCK = 64;

        private final int length;
        private final Tile blockGamma;
        private final Tile blockBeta;
        private final double[] gamma;
        private final double[] beta;
        private int pending;

        ParameterSums(Memory x, int length) {
            this.length = length;
            this.blockGamma = x.newTile(length);
            this.blockBeta = x.newTile(length);
            this.gamma = new double[length];
            this.beta = new double[length];
        }

        void add(Tile g, Tile x, double mean, double scale, Tile factor, int at, double[] sums) {
            g.sums(x, 0, length, mean, scale, factor, at, blockGamma, blockBeta, sums);
            if (++pending == BLOCK) {
                drain();
            }
        }

        void drain() {
            blockGamma.drain(length, gamma);
            blockBeta.drain(length, beta);
            pending = 0;
        }

        void addTo(double[] dgamma, double[] dbeta, int at) {
            for (int i = 0; i < length; i++) {
                dgamma[at + i] += gamma[i];
                dbeta[at + i] += beta[i];
            }
        }
    }
}
