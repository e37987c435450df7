package io.github.dl4jnorms.experiments.dit;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.stat.descriptive.moment.Mean;

/**
 * The Fréchet distance of two samples of vectors, as if both were Gaussian:
 *
 * <pre>‖μ − μ′‖² + tr(Σ + Σ′ − 2 (Σ Σ′)^½)</pre>
 *
 * (Heusel et al. 2017, <a href="https://arxiv.org/abs/1706.08500">arXiv:1706.08500</a>).
 */
final class Frechet {
    private Frechet() {}

    static double distance(double[][] a, double[][] b) {
        double means = 0;
        for (int i = 0; i < a[0].length; i++) {
            double difference = mean(a, i) - mean(b, i);
            means += difference * difference;
        }
        RealMatrix covarianceA = new Covariance(a).getCovarianceMatrix();
        RealMatrix covarianceB = new Covariance(b).getCovarianceMatrix();
        RealMatrix root = root(covarianceA);
        // Σ Σ′ has the eigenvalues of this symmetric matrix
        double common = 0;
        for (double value :
                new EigenDecomposition(symmetric(root.multiply(covarianceB).multiply(root))).getRealEigenvalues()) {
            common += Math.sqrt(Math.max(0, value));
        }
        return means + covarianceA.getTrace() + covarianceB.getTrace() - 2 * common;
    }

    private static double mean(double[][] rows, int column) {
        return new Mean().evaluate(new Array2DRowRealMatrix(rows, false).getColumn(column));
    }

    private static RealMatrix root(RealMatrix covariance) {
        EigenDecomposition eigen = new EigenDecomposition(symmetric(covariance));
        double[] roots = eigen.getRealEigenvalues();
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(Math.max(0, roots[i]));
        }
        return eigen.getV()
                .multiply(MatrixUtils.createRealDiagonalMatrix(roots))
                .multiply(eigen.getVT());
    }

    /** Without the rounding errors that would let it pass for unsymmetric. */
    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }
}
