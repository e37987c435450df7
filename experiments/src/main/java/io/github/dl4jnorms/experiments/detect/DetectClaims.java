package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.report.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What the experiment tests, judged by its numbers. */
final class DetectClaims {
    private final Collection<RunResult> runs;

    private DetectClaims(Collection<RunResult> runs) {
        this.runs = runs;
    }

    static List<Claim> judge(Collection<RunResult> runs) {
        DetectClaims claims = new DetectClaims(runs);
        List<Claim> judged = new ArrayList<>();
        if (runs.stream().allMatch(run -> run.epochs().size() > 1)) {
            judged.add(claims.falls("training loss", EpochResult::trainLoss));
            judged.add(claims.falls("validation loss", EpochResult::valLoss));
        }
        claims.wuAndHe(judged);
        return judged;
    }

    private Claim falls(String name, ToDoubleFunction<EpochResult> loss) {
        List<RunResult> not = runs.stream()
                .filter(run -> !(loss.applyAsDouble(run.last()) < loss.applyAsDouble(run.first())))
                .toList();
        String evidence = runs.size() - not.size() + " of " + runs.size() + " runs"
                + (not.isEmpty()
                        ? ""
                        : "; not "
                                + not.stream()
                                        .map(run -> run.point().toString())
                                        .collect(Collectors.joining(", ")));
        return new Claim(
                "In every run the " + name + " of the last epoch is below the first's", not.isEmpty(), evidence);
    }

    /** The two statements of the GroupNorm paper, for the batch sizes that both norms ran at. */
    private void wuAndHe(List<Claim> judged) {
        SortedMap<Integer, Double> bn = lossByBatchSize("bn");
        SortedMap<Integer, Double> gn = lossByBatchSize("gn");
        bn.keySet().retainAll(gn.keySet());
        gn.keySet().retainAll(bn.keySet());
        if (bn.isEmpty()) {
            return;
        }
        int smallest = bn.firstKey();
        judged.add(new Claim(
                "At batch size " + smallest
                        + ", the smallest of both, GroupNorm's validation loss is below BatchNorm's",
                below(gn.get(smallest), bn.get(smallest)),
                "gn " + number(gn.get(smallest)) + ", bn " + number(bn.get(smallest))));
        if (bn.size() > 1) {
            judged.add(new Claim(
                    "GroupNorm's validation loss depends less on the batch size than BatchNorm's",
                    below(spread(gn), spread(bn)),
                    "highest over lowest: gn " + number(spread(gn)) + ", bn " + number(spread(bn))));
        }
    }

    private SortedMap<Integer, Double> lossByBatchSize(String norm) {
        SortedMap<Integer, Double> losses = new TreeMap<>();
        runs.stream()
                .filter(run -> run.point().norm().startsWith(norm))
                .forEach(run ->
                        losses.putIfAbsent(run.point().batchSize(), run.last().valLoss()));
        return losses;
    }

    /** A diverged run is worse than any other. */
    private static boolean below(double a, double b) {
        return Double.isFinite(a) && (!Double.isFinite(b) || a < b);
    }

    private static double spread(SortedMap<Integer, Double> losses) {
        if (!losses.values().stream().allMatch(Double::isFinite)) {
            return Double.NaN;
        }
        return losses.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                / losses.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElseThrow();
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "diverged";
    }
}
