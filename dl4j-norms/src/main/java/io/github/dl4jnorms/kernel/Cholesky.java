package io.github.dl4jnorms.kernel;

/** Cholesky's factorization, asked only whether there is one. */
public final class Cholesky {

    private Cholesky() {}

    /**
     * Whether a symmetric matrix is positive definite, so that none of its eigenvalues is 0 or less. True is right up to the
     * rounding of its entries' sums, about n · 2⁻⁵³ of the largest eigenvalue.
     *
     * @param a the matrix in row-major order, n × n; only its upper triangle is read, and written over
     */
    public static boolean isPositiveDefinite(double[] a, int n) {
        for (int k = 0; k < n; k++) {
            int row = k * n;
            double pivot = a[row + k];
            if (!(pivot > 0)) {
                return false;
            }
            int column = k;
            int rest = n - k - 1;
            Parallel.forEach(rest, (long) rest * rest / 2, j -> eliminate(a, n, row, column + 1 + j, pivot));
        }
        return true;
    }

    /** Takes a multiple of the pivot's row from row i, from its diagonal on. */
    private static void eliminate(double[] a, int n, int pivotRow, int i, double pivot) {
        double factor = a[pivotRow + i] / pivot;
        int row = i * n;
        for (int j = i; j < n; j++) {
            a[row + j] -= factor * a[pivotRow + j];
        }
    }
}
