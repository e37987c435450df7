package io.github.dl4jnorms;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The norms in double, by their definitions, number by number. */
public final class ByHand {

    private ByHand() {}

    public static INDArray groupNorm(INDArray x, int groups, INDArray gamma, INDArray beta, double epsilon) {
        int n = (int) x.size(0);
        int c = (int) x.size(1);
        double[] values = values(x);
        int length = values.length / (n * c);
        int size = c / groups * length;
        double[] y = new double[values.length];
        for (int g = 0; g < n * groups; g++) {
            double mean = mean(values, g * size, size);
            double variance = variance(values, g * size, size, mean);
            for (int i = g * size; i < (g + 1) * size; i++) {
                y[i] = affine(values[i], mean, variance, gamma, beta, i / length % c, epsilon);
            }
        }
        return array(y, x);
    }

    /** Over the dimensions from {@code axis}, at least 0, to the last; centred for LayerNorm, not so for RMSNorm. */
    public static INDArray rowNorm(
            INDArray x, int axis, boolean centred, INDArray gamma, INDArray beta, double epsilon) {
        double[] values = values(x);
        double[] y = new double[values.length];
        int length = 1;
        for (int i = axis; i < x.rank(); i++) {
            length *= (int) x.size(i);
        }
        INDArray scale = gamma == null ? null : gamma.reshape(length);
        INDArray shift = beta == null ? null : beta.reshape(length);
        for (int row = 0; row < values.length; row += length) {
            double mean = centred ? mean(values, row, length) : 0;
            double variance = variance(values, row, length, mean);
            for (int i = 0; i < length; i++) {
                y[row + i] = affine(values[row + i], mean, variance, scale, shift, i, epsilon);
            }
        }
        return array(y, x);
    }

    public static INDArray batchNorm(
            INDArray x, INDArray mean, INDArray variance, INDArray gamma, INDArray beta, double epsilon) {
        int c = (int) x.size(1);
        double[] values = values(x);
        int length = values.length / (int) (x.size(0) * c);
        double[] y = new double[values.length];
        for (int i = 0; i < y.length; i++) {
            int channel = i / length % c;
            y[i] = affine(
                    values[i], mean.getDouble(channel), variance.getDouble(channel), gamma, beta, channel, epsilon);
        }
        return array(y, x);
    }

    /** In double, whatever x's type. */
    public static BatchStatistics batchStatistics(INDArray x) {
        int n = (int) x.size(0);
        int c = (int) x.size(1);
        double[] values = values(x);
        int length = values.length / (n * c);
        double[] mean = new double[c];
        double[] variance = new double[c];
        for (int channel = 0; channel < c; channel++) {
            double[] own = new double[n * length];
            for (int i = 0; i < n; i++) {
                System.arraycopy(values, (i * c + channel) * length, own, i * length, length);
            }
            mean[channel] = mean(own, 0, own.length);
            variance[channel] = variance(own, 0, own.length, mean[channel]);
        }
        return new BatchStatistics(Nd4j.createFromArray(mean), Nd4j.createFromArray(variance));
    }

    private static double affine(
            double x, double mean, double variance, INDArray gamma, INDArray beta, int channel, double epsilon) {
        double scale = gamma == null ? 1 : gamma.getDouble(channel);
        double shift = beta == null ? 0 : beta.getDouble(channel);
        return scale * (x - mean) / Math.sqrt(variance + epsilon) + shift;
    }

    private static double mean(double[] x, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += x[i];
        }
        return sum / length;
    }

    private static double variance(double[] x, int from, int length, double mean) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += (x[i] - mean) * (x[i] - mean);
        }
        return sum / length;
    }

    private static double[] values(INDArray x) {
        return x.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private static INDArray array(double[] values, INDArray like) {
        return Nd4j.createFromArray(values).reshape(like.shape()).castTo(like.dataType());
    }
}
