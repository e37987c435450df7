package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.BatchStatistics;
import io.github.dl4jnorms.Norms;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What a style is to AdaIN: each channel's mean and standard deviation {@code √(variance + 1e-5)}. */
public final class StyleStatistics {

    private StyleStatistics() {}

    /**
     * The statistics of each example.
     *
     * @param features {@code [N, C, H, W]}
     * @return {@code [N, 2 C]}: the means, then the standard deviations
     */
    public static INDArray of(INDArray features) {
        long n = features.size(0);
        long channels = features.size(1);
        // as channels of one example, each of which has its statistics
        BatchStatistics statistics =
                Norms.batchStatistics(features.dup('c').reshape(1, n * channels, features.size(2), features.size(3)));
        INDArray std = Transforms.sqrt(statistics.variance().add(StyleTransfer.EPSILON), false);
        return Nd4j.hstack(statistics.mean().reshape(n, channels), std.reshape(n, channels));
    }
}
