package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.Arrays;

/**
 * How far a network pulls pairs of inputs apart.
 *
 * @param network its name
 * @param color   its colour in plots
 * @param sigma   its layers' spectral norms
 * @param ratios  of random pairs
 * @param search  for the worst pair
 */
record LipschitzTest(String network, int color, double[] sigma, double[] ratios, AdversarialSearch search) {
    static LipschitzTest of(
            String network, int color, Mlp f, Pairs pairs, WeightnormSettings settings, Progress progress) {
        AdversarialSearch search =
                AdversarialSearch.run(f, settings.starts(), settings.searchSteps(), settings.seed() + 1, progress);
        LipschitzTest test = new LipschitzTest(network, color, f.spectralNorms(false), pairs.ratios(f), search);
        progress.line(Text.text(
                "%s: bound %.4f, largest ratio of random pairs %.4f, found by the search %.4f",
                network, test.bound(), Charts.most(test.ratios), search.found()));
        return test;
    }

    /** The product of the spectral norms. */
    double bound() {
        return Arrays.stream(sigma).reduce(1, (a, b) -> a * b);
    }

    long pairsAbove(double limit) {
        return Arrays.stream(ratios).filter(ratio -> ratio > limit).count();
    }
}
