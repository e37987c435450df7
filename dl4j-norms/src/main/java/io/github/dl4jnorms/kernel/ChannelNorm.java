package io.github.dl4jnorms.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The norms with a γ and a β per channel, on arrays {@code [N, C, length]} whose rows are the channels of each example:
 * BatchNorm, GroupNorm, InstanceNorm and, without centring, filter response normalization.
 */
public final class ChannelNorm extends GroupedNorm {

    private final int channels;
    private final double[] gamma;
    private final double[] beta;

    /**
     * @param groups which rows share statistics
     * @param channels number of channels: row r is of channel r mod channels
     * @param gamma scale per channel, or null for 1
     * @param beta shift per channel, or null for 0
     * @param centred whether the mean is taken away
     * @param epsilon what is added to the variance
     * @param slope of the fused leaky ReLU for negative values; 1 for no activation
     */
    public ChannelNorm(
            RowGroups groups,
            int channels,
            double[] gamma,
            double[] beta,
            boolean centred,
            double epsilon,
            double slope) {
        super(groups, centred, epsilon, slope);
        this.channels = channels;
        this.gamma = gamma;
        this.beta = beta;
    }

    @Override
    void normalize(Piece piece, Tile x, Tile y, double[] mean, double[] variance) {
        for (int i = 0; i < piece.rows(); i++) {
            int row = piece.row(i);
            int group = piece.group() + i / piece.rowsOfGroup();
            double scale = gamma(row) * inverse(variance[group]);
            double shift = beta == null ? 0 : beta[row % channels];
            y.normalize(x, i * piece.length(), piece.length(), new RowAffine(mean[group], scale, shift));
        }
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
     * @param dmean gradient with respect to the forward pass's mean of each group
     * @param dvariance gradient with respect to its variance of each group
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
            double[] dmean,
            double[] dvariance,
            double[] dgamma,
            double[] dbeta) {
        int parts = groups.length() > Tile.CAPACITY ? groups.piecesPerRow() : 1;
        // Σ g and Σ g (x − mean), of each row or part of one
        double[] sumG = new double[groups.allRows() * parts];
        double[] sumGX = new double[groups.allRows() * parts];
        boolean once = groups.pieces() == 1;
        IntFunction<Correction> corrections = group -> fixed
                ? Correction.NONE
                : correction(group, parts, sumG, sumGX, variance[group])
                        .plus(2 * dvariance[group] / groups.size(), centred ? dmean[group] / groups.size() : 0);
        forEachPiece((k, piece) -> {
            Tile g = readGradient(piece, x, dy, mean, variance);
            double[] sums = new double[2];
            for (int i = 0; i < piece.rows(); i++) {
                double mu = mean[piece.group() + i / piece.rowsOfGroup()];
                Arrays.fill(sums, 0);
                g.sums(x.tile(X), i * piece.length(), piece.length(), mu, sums);
                int part = piece.row(i) * parts + piece.at() / Tile.CAPACITY;
                sumG[part] = sums[0];
                sumGX[part] = sums[1];
            }
            if (once) {
                combine(piece, x, g, dx, mean, variance, corrections);
            }
        });
        if (!once) {
            Correction[] all = new Correction[groups.count()];
            Arrays.setAll(all, corrections);
            forEachPiece((k, piece) -> {
                Tile g = readGradient(piece, x, dy, mean, variance);
                combine(piece, x, g, dx, mean, variance, group -> all[group]);
            });
        }
        for (int group = 0; group < groups.count(); group++) {
            for (int i = 0; i < groups.rows(); i++) {
                int row = groups.row(group, i);
                for (int part = row * parts; part < (row + 1) * parts; part++) {
                    dgamma[row % channels] += sumGX[part] * inverse(variance[group]);
                    dbeta[row % channels] += sumG[part];
                }
            }
        }
    }

    private Correction correction(int group, int parts, double[] sumG, double[] sumGX, double variance) {
        double g = 0;
        double gx = 0;
        for (int i = 0; i < groups.rows(); i++) {
            int row = groups.row(group, i);
            for (int part = row * parts; part < (row + 1) * parts; part++) {
                g += gamma(row) * sumG[part];
                gx += gamma(row) * sumGX[part];
            }
        }
        return correction(g, gx, variance);
    }

    private void combine(
            Piece piece,
            Memory x,
            Tile g,
            Memory dx,
            double[] mean,
            double[] variance,
            IntFunction<Correction> corrections) {
        int rows = piece.rowsOfGroup();
        for (int k = 0; k < piece.count(); k++) {
            int group = piece.group() + k;
            Correction correction = corrections.apply(group);
            double scale = inverse(variance[group]);
            for (int i = k * rows; i < (k + 1) * rows; i++) {
                g.combine(
                        x.tile(X),
                        i * piece.length(),
                        piece.length(),
                        mean[group],
                        gamma(piece.row(i)) * scale,
                        correction.slope(),
                        correction.constant());
            }
        }
        piece.write(g, dx);
    }

    private double gamma(int row) {
        return gamma == null ? 1 : gamma[row % channels];
    }
}
