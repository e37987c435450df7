package io.github.dl4jnorms.kernel;

/**
 * The norms of each row with a γ and a β per element of a row, on arrays {@code [rows, length]}: LayerNorm and, without
 * centring, RMSNorm.
 */
public final class RowNorm extends GroupedNorm {

    /**
     * Columns that are worked on at a time, for all rows in a tile: few enough that γ, β and their gradients stay in the
     * first-level cache.
     */
    private static final int COLUMNS = 1024;

    private final boolean affine;
    /** RMSNorm's usual form, with less to read than the general one. */
    private final boolean scaledOnly;
    // of each part of a row
    private final Tile[] gamma;
    private final Tile[] beta;

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
        super(RowGroups.perRow(rows, length), null, centred, epsilon, slope);
        this.affine = gamma != null || beta != null;
        this.scaledOnly = affine && beta == null && !centred;
        this.gamma = affine ? parameter(x, gamma, 1) : null;
        this.beta = affine && !scaledOnly ? parameter(x, beta, 0) : null;
    }

    private Tile[] parameter(Memory x, Memory values, double otherwise) {
        Tile[] parts = new Tile[groups.piecesPerRow()];
        for (int part = 0; part < parts.length; part++) {
            int length = partLength(part);
            parts[part] = x.newTile(length);
            if (values == null) {
                parts[part].fill(otherwise);
            } else {
                parts[part].read(values, part * Tile.CAPACITY, 0, length);
            }
        }
        return parts;
    }

    private int partLength(int part) {
        return Math.min(Tile.CAPACITY, groups.length() - part * Tile.CAPACITY);
    }

    private static int part(Piece piece) {
        return piece.at() / Tile.CAPACITY;
    }

    @FunctionalInterface
    private interface Block {
        /**
         * @param row the row's number within the piece
         * @param from where its elements begin in the tile
         * @param at where they begin in the row
         */
        void accept(int row, int from, int length, int at);
    }

    /** Goes through a piece in blocks of columns, each through all of its rows. */
    private static void forEachBlock(Piece piece, Block block) {
        for (int at = 0; at < piece.length(); at += COLUMNS) {
            int length = Math.min(COLUMNS, piece.length() - at);
            for (int row = 0; row < piece.allRows(); row++) {
                block.accept(row, row * piece.length() + at, length, at);
            }
        }
    }

    @Override
    void normalize(Piece piece, Tile x, Tile y, double[] mean, double[] variance) {
        int part = part(piece);
        forEachBlock(piece, (row, from, length, at) -> {
            double mu = mean[piece.group() + row];
            double scale = inverse(variance[piece.group() + row]);
            if (scaledOnly) {
                y.scale(x, from, length, scale, gamma[part], at);
            } else if (affine) {
                y.normalize(x, from, length, mu, scale, gamma[part], beta[part], at);
            } else {
                y.normalize(x, from, length, new RowAffine(mu, scale, 0));
            }
        });
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
        int parts = groups.piecesPerRow();
        // a fixed share of the rows for each task, so that sums are always added in the same order
        int shares =
                Parallel.isSmall(groups.elements()) ? 1 : Math.min(rows, Math.max(1, 4 * Parallel.threads() / parts));
        ParameterSums[] parameterSums = new ParameterSums[shares * parts];
        // Σ γ g and Σ γ g (x − mean), of each row or part of one
        double[][] sums = new double[rows * parts][2];
        Parallel.forEach(shares * parts, groups.elements(), task -> {
            int share = task / parts;
            int part = task % parts;
            ParameterSums own = affine ? new ParameterSums(x, partLength(part)) : null;
            parameterSums[task] = own;
            int end = (int) ((long) (share + 1) * rows / shares);
            int step = parts == 1 ? Math.min(ParameterSums.ROWS, groups.rowsPerTile()) : 1;
            for (int row = (int) ((long) share * rows / shares); row < end; row += step) {
                Piece piece = parts == 1 ? groups.whole(row, Math.min(step, end - row)) : groups.part(row, part);
                Tile g = readGradient(piece, x, dy, mean, variance);
                addSums(piece, x.tile(X), g, mean, variance, own, sums, part);
                if (parts == 1) {
                    combine(piece, x, g, dx, mean, variance, sums);
                }
            }
            if (affine) {
                own.drain();
            }
        });
        if (parts > 1) {
            forEachPiece((k, piece) ->
                    combine(piece, x, readGradient(piece, x, dy, mean, variance), dx, mean, variance, sums));
        }
        for (int task = 0; affine && task < parameterSums.length; task++) {
            parameterSums[task].addTo(dgamma, dbeta, task % parts * Tile.CAPACITY);
        }
    }

    private void addSums(
            Piece piece,
            Tile x,
            Tile g,
            double[] mean,
            double[] variance,
            ParameterSums own,
            double[][] sums,
            int part) {
        int parts = groups.piecesPerRow();
        if (!affine) {
            for (int i = 0; i < piece.allRows(); i++) {
                int row = piece.group() + i;
                g.sums(x, i * piece.length(), piece.length(), mean[row], sums[row * parts + part]);
            }
            return;
        }
        forEachBlock(piece, (i, from, length, at) -> {
            int row = piece.group() + i;
            double scale = inverse(variance[row]);
            double[] sum = sums[row * parts + part];
            g.sums(x, from, length, mean[row], scale, gamma[part], own.gammaTile, own.betaTile, at, sum);
        });
        own.added(piece.allRows());
    }

    private void combine(Piece piece, Memory x, Tile g, Memory dx, double[] mean, double[] variance, double[][] sums) {
        int parts = groups.piecesPerRow();
        Correction[] corrections = new Correction[piece.count()];
        for (int i = 0; i < corrections.length; i++) {
            int row = piece.group() + i;
            double sumG = 0;
            double sumGX = 0;
            for (int k = row * parts; k < (row + 1) * parts; k++) {
                sumG += sums[k][0];
                sumGX += sums[k][1];
            }
            corrections[i] = correction(sumG, sumGX, variance[row]);
        }
        int part = part(piece);
        forEachBlock(piece, (i, from, length, at) -> {
            int row = piece.group() + i;
            double scale = inverse(variance[row]);
            double slope = corrections[i].slope();
            double constant = corrections[i].constant();
            if (affine) {
                g.combine(x.tile(X), from, length, mean[row], scale, gamma[part], at, slope, constant);
            } else {
                g.combine(x.tile(X), from, length, mean[row], scale, slope, constant);
            }
        });
        piece.write(g, dx);
    }

    /** Σ over rows of g x̂ and of g, for each element of a row or of a part of one. */
    private static final class ParameterSums {

        /** Rows that are added in the elements' own type before they are added in double. */
        static final int ROWS = 64;

        final Tile gammaTile;
        final Tile betaTile;
        private final double[] gamma;
        private final double[] beta;
        private int pending;

        ParameterSums(Memory x, int length) {
            this.gammaTile = x.newTile(length);
            this.betaTile = x.newTile(length);
            this.gamma = new double[length];
            this.beta = new double[length];
        }

        /** So many rows have been added to the tiles. */
        void added(int rows) {
            pending += rows;
            if (pending >= ROWS) {
                drain();
            }
        }

        void drain() {
            gammaTile.drain(gamma.length, gamma);
            betaTile.drain(beta.length, beta);
            pending = 0;
        }

        void addTo(double[] dgamma, double[] dbeta, int at) {
            for (int i = 0; i < gamma.length; i++) {
                dgamma[at + i] += gamma[i];
                dbeta[at + i] += beta[i];
            }
        }
    }
}
