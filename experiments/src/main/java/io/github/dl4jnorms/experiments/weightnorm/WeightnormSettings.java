package io.github.dl4jnorms.experiments.weightnorm;

/**
 * How much is done.
 *
 * @param mlpSteps    training steps of each MLP, at most the 100 that PyTorch has done
 * @param pairs       random pairs of inputs of the Lipschitz test
 * @param starts      pairs that the adversarial search starts from
 * @param searchSteps steps of the adversarial search
 * @param ganSteps    training steps of each GAN, at least {@link #FEWEST_GAN_STEPS}
 * @param perturbed   inputs that are perturbed, at each radius
 * @param seed        of all randomness but PyTorch's
 */
record WeightnormSettings(
        int mlpSteps, int pairs, int starts, int searchSteps, int ganSteps, int perturbed, long seed) {
    static final int GAN_STEPS = 1500;
    static final int QUICK_GAN_STEPS = 120;

    /** A picture takes four. */
    static final int FEWEST_GAN_STEPS = 4;

    private static final int MLP_STEPS = 100;
    private static final int QUICK_MLP_STEPS = 50;
    private static final int PAIRS = 1000;
    private static final int PERTURBED = 1000;

    static WeightnormSettings full(long seed) {
        return new WeightnormSettings(MLP_STEPS, PAIRS, 64, 400, GAN_STEPS, PERTURBED, seed);
    }

    static WeightnormSettings quick(long seed) {
        return new WeightnormSettings(QUICK_MLP_STEPS, PAIRS, 32, 100, QUICK_GAN_STEPS, PERTURBED, seed);
    }

    WeightnormSettings withGanSteps(int steps) {
        return new WeightnormSettings(mlpSteps, pairs, starts, searchSteps, steps, perturbed, seed);
    }
}
