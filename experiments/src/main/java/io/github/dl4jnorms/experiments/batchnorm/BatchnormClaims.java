package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.report.Claim;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the experiment tests, judged by its numbers. */
final class BatchnormClaims {
    /** In double precision; rounding alone makes about 1e-15 of numbers of this size. */
    static final double DOUBLE_LIMIT = 1e-12;

    static final double FLOAT_LIMIT = 1e-4;

    /** Of the classifier; answering at random gives 1/3, and the data allow 0.96. */
    static final double LEARNED = 0.85;

    /** Of an average with decay 0.9 over independent batches. */
    static final double STANDING_STILL = Math.sqrt(0.1 / 1.9);

    private final BatchnormResult result;

    private BatchnormClaims(BatchnormResult result) {
        this.result = result;
    }

    static List<Claim> judge(BatchnormResult result) {
        BatchnormClaims claims = new BatchnormClaims(result);
        return List.of(
                claims.torch(),
                claims.dl4j(),
                claims.biased(),
                claims.running(),
                claims.learned(),
                claims.flips(),
                claims.evaluation(),
                claims.smallBatches(),
                claims.accuracy(),
                claims.sorted(),
                claims.untouched(),
                claims.one(),
                claims.unchecked());
    }

    private Claim torch() {
        Agreement agreement = result.agreement();
        return new Claim(
                "BatchNorm is PyTorch's BatchNorm1d: output, gradients, γ, β and running statistics over "
                        + agreement.torch().steps() + " training steps, then evaluation",
                agreement.worstToTorch() <= DOUBLE_LIMIT && agreement.worstFloatToTorch() <= FLOAT_LIMIT,
                format(
                        "largest difference %.1e in double (limit %.0e), %.1e in float (limit %.0e)",
                        agreement.worstToTorch(), DOUBLE_LIMIT, agreement.worstFloatToTorch(), FLOAT_LIMIT));
    }

    private Claim dl4j() {
        double worst = result.agreement().worstToDl4j();
        return new Claim(
                "With unbiased(false) it is DL4J's BatchNormalization",
                worst <= DOUBLE_LIMIT,
                format("largest difference %.1e in double (limit %.0e)", worst, DOUBLE_LIMIT));
    }

    private Claim biased() {
        Trace torch = result.agreement().torch();
        double n = torch.arrays().get("x").size(1);
        double[] ratios = result.agreement().varianceRatios();
        double worst = DoubleStream.of(ratios)
                .map(ratio -> Math.abs(ratio - (n - 1) / n))
                .max()
                .orElseThrow();
        return new Claim(
                format(
                        "DL4J's running variance is the biased one, (n − 1)/n = %.3f of PyTorch's at batch size n = %.0f",
                        (n - 1) / n, n),
                worst <= DOUBLE_LIMIT,
                format("ratio %.6f, the start value taken away; off by %.1e at most", ratios[0], worst));
    }

    private Claim running() {
        double first = result.training().runningErrorOverBatchError(0);
        double second = result.training().runningErrorOverBatchError(1);
        return new Claim(
                "At both norms the running mean is nearer to the mean of all training points than a batch's mean is",
                first < 1 && second < 1,
                format(
                        "distance over a batch's distance, second half of the steps: %.2f at the first norm, %.2f at the"
                                + " second; %.2f if the weights stood still",
                        first, second, STANDING_STILL));
    }

    private Claim learned() {
        return new Claim(
                format("The classifier has learned: at least %.0f%% of the test points are right", 100 * LEARNED),
                result.accuracy() >= LEARNED,
                format("%.1f%% in evaluation mode", 100 * result.accuracy()));
    }

    private Claim flips() {
        FixedPoint.Passes smallest = result.borderline().passes().get(0);
        boolean everywhere = points().allMatch(passes -> passes.differentInTraining() > 1);
        return new Claim(
                "In training mode one and the same point gets other answers, and another class, as its companions change",
                everywhere && smallest.flipped() > 0,
                format(
                        "the borderline point at batch size %d: %d different answers in %d passes, %.0f%% of them for"
                                + " another class; more than one answer at every batch size, for the sure point too: %s",
                        smallest.batchSize(),
                        smallest.differentInTraining(),
                        smallest.training().length,
                        100 * smallest.flipped(),
                        everywhere ? "yes" : "no"));
    }

    private Claim evaluation() {
        long worst = points().mapToLong(FixedPoint.Passes::differentInEvaluation)
                .max()
                .orElseThrow();
        return new Claim(
                format(
                        "In evaluation mode all %d answers are equal to the last bit, whatever the companions",
                        result.settings().passes()),
                worst == 1,
                format("different answers at each of the batch sizes %s, for both points: at most %d", sizes(), worst));
    }

    private Claim smallBatches() {
        List<TestPasses> mixed = result.mixed();
        boolean falls = IntStream.range(1, mixed.size())
                .allMatch(i -> mixed.get(i).flips() < mixed.get(i - 1).flips());
        return new Claim(
                "The smaller the batch, the more answers flip",
                falls,
                "of all test points, by batch size: "
                        + mixed.stream()
                                .map(passes -> format("%d: %.1f%%", passes.batchSize(), 100 * passes.flips()))
                                .collect(Collectors.joining(", ")));
    }

    private Claim accuracy() {
        TestPasses smallest = result.mixed().get(0);
        return new Claim(
                "Forgetting evaluation mode costs accuracy at batch size " + smallest.batchSize(),
                DoubleStream.of(smallest.accuracies()).max().orElseThrow() < result.accuracy(),
                format(
                        "%.1f%% on average and %.1f%% in the best of %d passes, against %.1f%%",
                        100 * smallest.accuracy(),
                        100 * DoubleStream.of(smallest.accuracies()).max().orElseThrow(),
                        smallest.accuracies().length,
                        100 * result.accuracy()));
    }

    private Claim sorted() {
        TestPasses mixed = last(result.mixed());
        TestPasses sorted = last(result.sorted());
        return new Claim(
                "Large batches are no cure: where a batch holds points of one class only, accuracy falls below that of"
                        + " mixed batches",
                sorted.accuracy() < mixed.accuracy(),
                format(
                        "at batch size %d: %.1f%% against %.1f%%",
                        sorted.batchSize(), 100 * sorted.accuracy(), 100 * mixed.accuracy()));
    }

    private Claim untouched() {
        return new Claim(
                "Passes in training mode without a gradient leave the running statistics alone",
                result.untouched(),
                "parameters and running statistics before and after all passes: "
                        + (result.untouched() ? "equal to the last bit" : "different"));
    }

    private Claim one() {
        String message = result.one().message();
        return new Claim(
                "A batch of one in training mode throws an IllegalArgumentException, as PyTorch's ValueError",
                message != null,
                message == null ? "nothing was thrown" : message);
    }

    private Claim unchecked() {
        BatchOfOne one = result.one();
        return new Claim(
                "Without that check every point would come out as β, and get the same answer",
                one.outputsAreBeta() && one.differentAnswers() == 1,
                format(
                        "DL4J's BatchNormalization with the same weights: outputs equal β to the last bit: %s; answers by"
                                + " class for %d test points: %s",
                        one.outputsAreBeta() ? "yes" : "no",
                        IntStream.of(one.answers()).sum(),
                        IntStream.of(one.answers()).mapToObj(String::valueOf).collect(Collectors.joining(", "))));
    }

    private Stream<FixedPoint.Passes> points() {
        return Stream.concat(result.borderline().passes().stream(), result.sure().passes().stream());
    }

    private String sizes() {
        return result.settings().batchSizes().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static TestPasses last(List<TestPasses> passes) {
        return passes.get(passes.size() - 1);
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
