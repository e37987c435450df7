package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CholeskyTest {

    @Test
    void byHand() {
        assertThat(Cholesky.isPositiveDefinite(new double[] {2, 1, 1, 2}, 2)).isTrue();
        assertThat(Cholesky.isPositiveDefinite(new double[] {1, 2, 2, 1}, 2)).isFalse();
        assertThat(Cholesky.isPositiveDefinite(new double[] {1, 1, 1, 1}, 2))
                .as("an eigenvalue of 0")
                .isFalse();
        assertThat(Cholesky.isPositiveDefinite(new double[] {0}, 1)).isFalse();
        assertThat(Cholesky.isPositiveDefinite(new double[] {-1}, 1)).isFalse();
        assertThat(Cholesky.isPositiveDefinite(new double[] {1, Double.NaN, Double.NaN, 1}, 2))
                .isFalse();
    }

    /** Q diag(eigenvalues) Qᵀ with a Householder reflection Q; sizes on both sides of where threads take part. */
    @Property(tries = 50)
    void saysWhetherTheSmallestEigenvalueIsPositive(
            @ForAll @IntRange(min = 1, max = 300) int n,
            @ForAll @IntRange(min = 0, max = 6) int digits,
            @ForAll boolean positive,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] eigenvalues = random.doubles(n, 0.1, 3).toArray();
        eigenvalues[random.nextInt(n)] = (positive ? 1 : -1) * Math.pow(10, -digits);
        double[] h = random.doubles(n, -1, 1).toArray();
        double norm = 0;
        for (double value : h) {
            norm += value * value;
        }
        double[] a = new double[n * n];
        // Q = I − 2 h hᵀ / norm; A = D − (2 / norm) (h (D h)ᵀ + (D h) hᵀ) + (4 / norm²) (hᵀ D h) h hᵀ
        double hdh = 0;
        for (int i = 0; i < n; i++) {
            hdh += h[i] * eigenvalues[i] * h[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = (i == j ? eigenvalues[i] : 0)
                        - 2 / norm * h[i] * h[j] * (eigenvalues[i] + eigenvalues[j])
                        + 4 / (norm * norm) * hdh * h[i] * h[j];
            }
        }
        assertThat(Cholesky.isPositiveDefinite(a, n)).isEqualTo(positive);
    }
}
