package io.github.dl4jnorms.experiments.adain;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean and standard deviation of each channel of a picture's features, in double precision.
 *
 * @param mean      one for each channel
 * @param deviation biased, as AdaIN's
 */
record ChannelStatistics(double[] mean, double[] deviation) {

    /** Of features {@code [1, C, H, W]}. */
    static ChannelStatistics of(INDArray features) {
        int channels = (int) features.size(1);
        int area = (int) (features.size(2) * features.size(3));
        float[] values = features.dup('c').data().asFloat();
        double[] mean = new double[channels];
        double[] deviation = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < area; i++) {
                mean[channel] += values[channel * area + i];
            }
            mean[channel] /= area;
            for (int i = 0; i < area; i++) {
                double centred = values[channel * area + i] - mean[channel];
                deviation[channel] += centred * centred;
            }
            deviation[channel] = Math.sqrt(deviation[channel] / area);
        }
        return new ChannelStatistics(mean, deviation);
    }

    /** The largest difference of a mean, over the channels asked for. */
    double meanDifference(ChannelStatistics other, int[] channels) {
        return Arrays.stream(channels)
                .mapToDouble(c -> Math.abs(mean[c] - other.mean[c]))
                .max()
                .orElse(0);
    }

    /** The largest difference of a standard deviation, over the channels asked for. */
    double deviationDifference(ChannelStatistics other, int[] channels) {
        return Arrays.stream(channels)
                .mapToDouble(c -> Math.abs(deviation[c] - other.deviation[c]))
                .max()
                .orElse(0);
    }
}
