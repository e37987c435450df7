package io.github.dl4jnorms.experiments.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Half a cosine from {@code peak} to 0: iteration {@code t} (from 0) takes {@code peak/2 · (1 + cos(π·t/steps))}, and 0
 * from {@code steps} on. Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts",
 * <a href="https://arxiv.org/abs/1608.03983">arXiv:1608.03983</a>, without the restarts.
 *
 * <p>ND4J's nearest, {@code PolySchedule}, rises instead of falling in M2.1: it computes {@code (1 + t/steps)^power}.
 *
 * @param peak  the rate at iteration 0
 * @param steps iterations until 0, at least 1
 */
public record CosineDecay(
        @JsonProperty("peak") double peak,
        @JsonProperty("steps") int steps) implements ISchedule {
    public CosineDecay {
        if (!(peak > 0) || Double.isInfinite(peak)) {
            throw new IllegalArgumentException("peak takes a positive number, got " + peak);
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps takes an integer of at least 1, got " + steps);
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return iteration >= steps ? 0 : peak / 2 * (1 + Math.cos(Math.PI * iteration / steps));
    }

    @Override
    public CosineDecay clone() {
        return new CosineDecay(peak, steps);
    }
}
