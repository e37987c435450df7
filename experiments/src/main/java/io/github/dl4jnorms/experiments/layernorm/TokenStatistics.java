package io.github.dl4jnorms.experiments.layernorm;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The largest deviations over all tokens, computed in double precision by plain loops that share nothing with the norms.
 *
 * @param mean           of |mean|
 * @param std            of |standard deviation − 1|, which divides by n
 * @param sampleStd      of the same, which divides by n − 1
 * @param leastSampleStd the smallest of these
 * @param rms            of |root mean square − 1|
 */
record TokenStatistics(double mean, double std, double sampleStd, double leastSampleStd, double rms) {

    /** Of the rows of a row-major float array. */
    static TokenStatistics of(INDArray x) {
        int dim = (int) x.size(-1);
        FloatBuffer values = x.data().asNioFloat();
        return IntStream.range(0, (int) (x.length() / dim))
                .parallel()
                .mapToObj(row -> ofRow(values, row * dim, dim))
                .reduce(TokenStatistics::worse)
                .orElseThrow();
    }

    private static TokenStatistics ofRow(FloatBuffer values, int from, int dim) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < from + dim; i++) {
            double v = values.get(i);
            sum += v;
            squares += v * v;
        }
        double mean = sum / dim;
        double deviations = 0;
        for (int i = from; i < from + dim; i++) {
            double d = values.get(i) - mean;
            deviations += d * d;
        }
        double sample = Math.abs(Math.sqrt(deviations / (dim - 1)) - 1);
        return new TokenStatistics(
                Math.abs(mean),
                Math.abs(Math.sqrt(deviations / dim) - 1),
                sample,
                sample,
                Math.abs(Math.sqrt(squares / dim) - 1));
    }

    private TokenStatistics worse(TokenStatistics other) {
        return new TokenStatistics(
                Math.max(mean, other.mean),
                Math.max(std, other.std),
                Math.max(sampleStd, other.sampleStd),
                Math.min(leastSampleStd, other.leastSampleStd),
                Math.max(rms, other.rms));
    }
}
