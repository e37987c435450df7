package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How BatchNorm's running statistics follow a batch's: {@code running = decay · running + (1 − decay) · batch}, one operation
 * instead of a dozen small ones. Inputs: running mean, running variance, batch mean and biased batch variance, all [C], and
 * the batch, of which the number of values in a channel is taken. Outputs: the new running mean and variance. It has no
 * gradient.
 */
public final class RunningStatisticsOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public RunningStatisticsOp() {}

    /**
     * The operation on a batch's statistics.
     *
     * @param decay weight of the old values
     * @param unbiased whether the running variance follows the unbiased variance of the batch, {@code n / (n − 1)} times the
     *     biased one
     */
    public RunningStatisticsOp(
            SameDiff sameDiff,
            SDVariable runningMean,
            SDVariable runningVariance,
            SDVariable mean,
            SDVariable variance,
            SDVariable x,
            double decay,
            boolean unbiased) {
        super(sameDiff, runningMean, runningVariance, mean, variance, x);
        addTArgument(decay);
        addBArgument(unbiased);
    }

    @Override
    public String opName() {
        return "dl4jnorms_running_statistics";
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    public void check(List<INDArray> inputs) {
        long channels = inputs.get(0).length();
        for (INDArray statistic : inputs.subList(1, 4)) {
            if (statistic.length() != channels) {
                throw new IllegalArgumentException("statistics: take one value for each of the running mean's "
                        + channels + " channels, received shape " + Arrays.toString(statistic.shape()));
            }
        }
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        double count = (double) inputs.get(4).length() / inputs.get(0).length();
        double correction = getBArgument(0) ? count / Math.max(count - 1, 1) : 1;
        follow(inputs.get(0), inputs.get(2), 1, outputs.get(0));
        follow(inputs.get(1), inputs.get(3), correction, outputs.get(1));
    }

    private void follow(INDArray running, INDArray batch, double correction, INDArray out) {
        double decay = getTArgument(0);
        double[] values = Contiguous.doubles(running);
        double[] latest = Contiguous.doubles(batch);
        for (int i = 0; i < values.length; i++) {
            values[i] = decay * values[i] + (1 - decay) * correction * latest[i];
        }
        Contiguous.store(values, out);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        throw new UnsupportedOperationException("running statistics have no gradient");
    }
}
