package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.Collection;
import java.util.List;

/**
 * How the kernels are measured.
 *
 * @param works                 what, in this order
 * @param quick                 whether the run is a quick one
 * @param rounds                that are counted
 * @param warmUp                milliseconds of a first turn of what Java computes
 * @param iterations            of each turn
 * @param iterationMilliseconds of each iteration
 */
public record KernelSettings(
        List<Work> works, boolean quick, int rounds, int warmUp, int iterations, int iterationMilliseconds) {
    private static final int ROUNDS = 4;
    private static final int QUICK_ROUNDS = 2;
    private static final int WARM_UP = 400;
    private static final int QUICK_WARM_UP = 300;
    private static final int ITERATIONS = 2;
    private static final int ITERATION = 40;

    public static KernelSettings of(Collection<Norm> norms, boolean quick) {
        return new KernelSettings(
                Works.of(norms, quick),
                quick,
                quick ? QUICK_ROUNDS : ROUNDS,
                quick ? QUICK_WARM_UP : WARM_UP,
                ITERATIONS,
                ITERATION);
    }
}
