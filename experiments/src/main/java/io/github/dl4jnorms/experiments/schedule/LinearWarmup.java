package io.github.dl4jnorms.experiments.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A linear warm-up in front of any schedule: iteration {@code t} (from 0) takes {@code then(t) · min(1, (t+1)/steps)}.
 *
 * <p>Large batches with a linearly scaled learning rate diverge at the start without it: Goyal et al. 2017, "Accurate,
 * Large Minibatch SGD: Training ImageNet in 1 Hour", <a href="https://arxiv.org/abs/1706.02677">arXiv:1706.02677</a>.
 *
 * @param steps iterations until the full rate, at least 1
 * @param then  the schedule that is warmed up; it sees every iteration number, the warm-up's too
 */
public record LinearWarmup(
        @JsonProperty("steps") int steps,
        @JsonProperty("then") ISchedule then) implements ISchedule {
    public LinearWarmup {
        if (steps < 1) {
            throw new IllegalArgumentException("steps takes an integer of at least 1, got " + steps);
        }
        if (then == null) {
            throw new IllegalArgumentException("then takes a schedule, got null");
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return then.valueAt(iteration, epoch) * Math.min(1.0, (iteration + 1.0) / steps);
    }

    @Override
    public LinearWarmup clone() {
        return new LinearWarmup(steps, then.clone());
    }
}
