package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.report.Quartiles;
import java.util.stream.IntStream;

/**
 * How long the two norms took, taking turns, in milliseconds.
 *
 * @param layerNorm each pass of LayerNorm
 * @param rmsNorm   each pass of RMSNorm, the one after it in {@code layerNorm}
 */
record Times(double[] layerNorm, double[] rmsNorm) {
    double[] of(Norm norm) {
        return norm == Norm.LAYER_NORM ? layerNorm : rmsNorm;
    }

    Quartiles quartiles(Norm norm) {
        return Quartiles.of(of(norm));
    }

    /** LayerNorm's time over RMSNorm's, pass by pass. */
    Quartiles speedUp() {
        return Quartiles.of(IntStream.range(0, layerNorm.length)
                .mapToDouble(i -> layerNorm[i] / rmsNorm[i])
                .toArray());
    }
}
