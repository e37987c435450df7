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
    /** How many channels further a group's next row is. */
    private final int channelStep;
    /** Channels of a group. */
    private final int groupChannels;

    /**
     * @param groups which rows share statistics
     * @param channels number of channels: row r is of channel r mod channels
     * @param gamma scale per channel, or null for 1
     * @param beta shift per channel, or null for 0
     * @param residual what is added before the activation, as x, or null
     * @param centred whether the mean is taken away
     * @param epsilon what is added to the variance
     * @param slope of the fused leaky ReLU for negative values; 1 for no activation
     */
    public ChannelNorm(
            RowGroups groups,
            int channels,
            double[] gamma,
            double[] beta,
            Memory residual,
            boolean centred,
            double epsilon,
            double slope) {
        super(groups, residual, centred, epsilon, slope);
        this.channels = channels;
        this.gamma = gamma;
        this.beta = beta;
        this.channelStep = groups.stride() % channels;
        this.groupChannels = channelStep == 0 ? 1 : groups.rows();
    }

    @Override
    void normalize(Piece piece, Tile x, Tile y, double[] mean, double[] variance) {
        for (int k = 0; k < piece.count(); k++) {
            int group = piece.group() + k;
            double inverse = inverse(variance[group]);
            int channel = channel(piece.row(k, 0));
            for (int i = 0; i < piece.rows(); i++, channel += channelStep) {
                double shift = beta == null ? 0 : beta[channel];
                RowAffine affine = new RowAffine(mean[group], gamma(channel) * inverse, shift);
                y.normalize(x, piece.from(k, i), piece.length(), affine);
            }
        }
    }

    /**
     * The gradient.
     *
     * @param x input of the forward pass
     * @param dy gradient with respect to its output
     * @param dx receives the gradient with respect to x
     * @param dresidual receives that with respect to the residual; may be null
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
            Memory dresidual,
            double[] mean,
            double[] variance,
            boolean fixed,
            double[] dmean,
            double[] dvariance,
            double[] dgamma,
            double[] dbeta) {
        boolean once = groups.pieces() == 1;
        boolean oneChannel = groupChannels == 1;
        int parts = oneChannel ? groups.pieces() : groups.piecesPerRow();
        // Σ g and Σ g (x − mean), of each channel of each group or part of one
        int size = groups.count() * groupChannels * parts;
        double[] sumG = Scratch.take(size);
        double[] sumGX = Scratch.take(size);
        IntFunction<Correction> corrections = group -> fixed
                ? Correction.NONE
                : correction(group, sumG, sumGX, variance[group])
                        .plus(2 * dvariance[group] / groups.size(), centred ? dmean[group] / groups.size() : 0);
        forEachPiece((number, piece) -> {
            Tile g = readGradient(piece, x, dy, mean, variance);
            if (dresidual != null) {
                piece.write(g, dresidual);
            }
            Tile tx = x.tile(X);
            double[] sums = new double[2];
            for (int k = 0; k < piece.count(); k++) {
                int group = piece.group() + k;
                int part = oneChannel
                        ? (once ? group : number)
                        : (group * groups.rows() + piece.first()) * parts + piece.at() / Tile.CAPACITY;
                for (int i = 0; i < piece.rows(); i++) {
                    g.sums(tx, piece.from(k, i), piece.length(), mean[group], sums);
                    if (!oneChannel || i == piece.rows() - 1) {
                        sumG[part] = sums[0];
                        sumGX[part] = sums[1];
                        Arrays.fill(sums, 0);
                        part += parts;
                    }
                }
            }
            if (once) {
                combine(piece, x, g, dx, mean, variance, corrections);
            }
        });
        if (!once) {
            addParts(sumG, size, parts);
            addParts(sumGX, size, parts);
            Correction[] all = new Correction[groups.count()];
            Arrays.setAll(all, corrections);
            forEachPiece((k, piece) -> {
                Tile g = readGradient(piece, x, dy, mean, variance);
                combine(piece, x, g, dx, mean, variance, group -> all[group]);
            });
        }
        for (int group = 0; group < groups.count(); group++) {
            double inverse = inverse(variance[group]);
            int channel = channel(groups.row(group, 0));
            int first = group * groupChannels;
            for (int i = 0; i < groupChannels; i++, channel += channelStep) {
                dgamma[channel] += sumGX[first + i] * inverse;
                dbeta[channel] += sumG[first + i];
            }
        }
        Scratch.giveBack(sumG);
        Scratch.giveBack(sumGX);
    }

    /** Of each whole, the sum of its parts, which takes its place at the array's start. */
    private static void addParts(double[] sums, int size, int parts) {
        for (int whole = 0; whole < size / parts; whole++) {
            double sum = 0;
            for (int part = whole * parts; part < (whole + 1) * parts; part++) {
                sum += sums[part];
            }
            sums[whole] = sum;
        }
    }

    private Correction correction(int group, double[] sumG, double[] sumGX, double variance) {
        double g = 0;
        double gx = 0;
        int channel = channel(groups.row(group, 0));
        int first = group * groupChannels;
        for (int i = 0; i < groupChannels; i++, channel += channelStep) {
            g += gamma(channel) * sumG[first + i];
            gx += gamma(channel) * sumGX[first + i];
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
        Tile tx = x.tile(X);
        for (int k = 0; k < piece.count(); k++) {
            int group = piece.group() + k;
            Correction correction = corrections.apply(group);
            double inverse = inverse(variance[group]);
            int channel = channel(piece.row(k, 0));
            for (int i = 0; i < piece.rows(); i++, channel += channelStep) {
                g.combine(
                        tx,
                        piece.from(k, i),
                        piece.length(),
                        mean[group],
                        gamma(channel) * inverse,
                        correction.slope(),
                        correction.constant());
            }
        }
        piece.write(g, dx);
    }

    private int channel(int row) {
        return row % channels;
    }

    private double gamma(int channel) {
        return gamma == null ? 1 : gamma[channel];
    }
}
