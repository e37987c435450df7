package io.github.dl4jnorms.experiments.layernorm;

import java.util.List;

/**
 * What is normalized and how often.
 *
 * @param batch          sequences of every tensor
 * @param length         of the sequences, where it is not swept over
 * @param dim            of the tensor that is asserted on and timed
 * @param passes         of each fused norm over that tensor
 * @param composedPasses of each composed norm over it
 * @param lengths        swept over, at {@code sweepDim}
 * @param sweepDim       the dimension meanwhile
 * @param dims           swept over, at {@code length}
 * @param sweepPasses    of each fused norm at each point
 * @param composedSweepPasses of each composed norm at each point
 * @param model          what is trained
 * @param seed           of all randomness
 */
record LayernormSettings(
        int batch,
        int length,
        int dim,
        int passes,
        int composedPasses,
        List<Integer> lengths,
        int sweepDim,
        List<Integer> dims,
        int sweepPasses,
        int composedSweepPasses,
        Model model,
        long seed) {

    /**
     * The sequence model and its training.
     *
     * @param channels  of the residual stream
     * @param blocks    residual blocks
     * @param sums      in a sequence
     * @param batchSize sequences in a step
     * @param steps     of the training
     */
    record Model(int channels, int blocks, int sums, int batchSize, int steps) {}

    static LayernormSettings full(long seed) {
        return new LayernormSettings(
                8,
                2048,
                4096,
                100,
                10,
                List.of(128, 256, 512, 1024, 2048, 4096, 8192),
                1024,
                List.of(256, 512, 1024, 2048, 4096, 8192),
                21,
                4,
                new Model(32, 4, 4, 32, 500),
                seed);
    }

    static LayernormSettings quick(long seed) {
        return new LayernormSettings(
                8,
                2048,
                4096,
                20,
                2,
                List.of(128, 1024, 8192),
                1024,
                List.of(256, 1024, 4096),
                5,
                1,
                new Model(32, 4, 4, 32, 50),
                seed);
    }

    long elements() {
        return (long) batch * length * dim;
    }
}
