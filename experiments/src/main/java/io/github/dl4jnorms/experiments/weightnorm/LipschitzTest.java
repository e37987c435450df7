package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Text;
import java.util.Arrays;
import org.nd4j.linalg.activations.Activation;

/**
 * How far a network pulls pairs of inputs apart.
 *
 * @param network its name
 * @param color   its colour in plots
 * @param sigma   its layers' spectral norms
 * @param ratios  of random pairs
 * @param search  for the worst pair, on the frozen network, which is faster
 * @param found   the worst pair's ratio by the network itself
 */
record LipschitzTest(
        String network, int color, double[] sigma, double[] ratios, AdversarialSearch search, double found) {
    static LipschitzTest of(
            String network,
            int color,
            Mlp f,
            Activation hidden,
            Pairs pairs,
            WeightnormSettings settings,
            Progress progress) {
        AdversarialSearch search = AdversarialSearch.run(
                f.frozen(hidden),
                pairs.x().columns(),
                settings.starts(),
                settings.searchSteps(),
                settings.seed() + 1,
                progress);
        LipschitzTest test = new LipschitzTest(
                network,
                color,
                f.spectralNorms(false),
                pairs.ratios(f),
                search,
                search.worst().ratios(f)[0]);
        progress.line(Text.text(
                "%s: bound %.4f, largest ratio of random pairs %.4f, found by the search %.4f",
                network, test.bound(), Charts.most(test.ratios), test.found));
        return test;
    }

    /** The product of the spectral norms. */
    double bound() {
        return Arrays.stream(sigma).reduce(1, (a, b) -> a * b);
    }

    /** The largest of all ratios that were seen. */
    double most() {
        return Math.max(Math.max(found, Charts.most(search.largest())), Charts.most(ratios));
    }

    long pairsAbove(double limit) {
        return Arrays.stream(ratios).filter(ratio -> ratio > limit).count();
    }
}
