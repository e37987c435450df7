package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Quartiles;
import java.util.List;
import java.util.Locale;

/** What the experiment tests, judged by its numbers. */
final class LayernormClaims {
    static final double MEAN_LIMIT = 1e-5;
    static final double STD_LIMIT = 1e-4;
    static final long MEMORY_LIMIT = 8_000_000_000L;

    /** How far RMSNorm's final loss may be from LayerNorm's, in nats for each character. */
    static final double LOSS_LIMIT = 0.05;

    private final LayernormResult result;
    private final LargeTensor large;

    private LayernormClaims(LayernormResult result) {
        this.result = result;
        this.large = result.large();
    }

    static List<Claim> judge(LayernormResult result) {
        LayernormClaims claims = new LayernormClaims(result);
        return List.of(
                claims.mean(),
                claims.std(),
                claims.sampleStd(),
                claims.rms(),
                claims.fusedSpeedUp(),
                claims.memoryBound(),
                claims.composedSpeedUp(),
                claims.fusedAgainstComposed(),
                claims.memory(),
                claims.sameLoss(),
                claims.normHelps());
    }

    private Claim mean() {
        return new Claim(
                format("After LayerNorm every token's mean is below %.0e", MEAN_LIMIT),
                large.layerNorm().mean() < MEAN_LIMIT,
                format(
                        "largest |mean| of %,d tokens: %.1e",
                        tokens(), large.layerNorm().mean()));
    }

    private Claim std() {
        return new Claim(
                format("After LayerNorm every token's standard deviation is 1 within %.0e", STD_LIMIT),
                large.layerNorm().std() < STD_LIMIT,
                format(
                        "largest |std − 1| of %,d tokens: %.1e, dividing by n",
                        tokens(), large.layerNorm().std()));
    }

    private Claim sampleStd() {
        double n = result.settings().dim();
        return new Claim(
                format("The sample standard deviation of %.0f values misses that bound in every token", n),
                large.layerNorm().leastSampleStd() >= STD_LIMIT,
                format(
                        "smallest |std − 1| dividing by n − 1: %.3e; √(n / (n − 1)) − 1 = %.3e",
                        large.layerNorm().leastSampleStd(), Math.sqrt(n / (n - 1)) - 1));
    }

    private Claim rms() {
        return new Claim(
                format(
                        "After RMSNorm every token's root mean square is 1 within %.0e, and its mean is not 0",
                        STD_LIMIT),
                large.rmsNorm().rms() < STD_LIMIT && large.rmsNorm().mean() > STD_LIMIT,
                format(
                        "largest |RMS − 1| of %,d tokens: %.1e; largest |mean|: %.2f",
                        tokens(), large.rmsNorm().rms(), large.rmsNorm().mean()));
    }

    private Claim fusedSpeedUp() {
        Quartiles speedUp = large.fused().speedUp();
        return new Claim(
                "Fused, RMSNorm is faster than LayerNorm",
                speedUp.q1() > 1,
                format(
                        "%.3f× as fast, quartiles %.3f to %.3f, over %d pairs of passes: medians %.2f and %.2f ms",
                        speedUp.median(),
                        speedUp.q1(),
                        speedUp.q3(),
                        large.fused().layerNorm().length,
                        median(large.fused(), Norm.LAYER_NORM),
                        median(large.fused(), Norm.RMS_NORM)));
    }

    private Claim memoryBound() {
        return new Claim(
                "Memory bounds both, not arithmetic: copying the tensor row by row takes more than half of a norm's time",
                large.trafficShare(Norm.LAYER_NORM) > 0.5 && large.trafficShare(Norm.RMS_NORM) > 0.5,
                format(
                        "copy %.1f ms: %.0f%% of LayerNorm's %.1f ms, %.0f%% of RMSNorm's %.1f ms",
                        large.traffic(),
                        100 * large.trafficShare(Norm.LAYER_NORM),
                        median(large.fused(), Norm.LAYER_NORM),
                        100 * large.trafficShare(Norm.RMS_NORM),
                        median(large.fused(), Norm.RMS_NORM)));
    }

    private Claim composedSpeedUp() {
        Quartiles composed = large.composed().speedUp();
        Quartiles fused = large.fused().speedUp();
        return new Claim(
                "Composed of ND4J's operations, RMSNorm saves more than fused",
                composed.median() > fused.median(),
                format(
                        "%.2f× as fast, quartiles %.2f to %.2f, over %d pairs of passes: medians %.0f and %.0f ms; fused"
                                + " %.2f×",
                        composed.median(),
                        composed.q1(),
                        composed.q3(),
                        large.composed().layerNorm().length,
                        median(large.composed(), Norm.LAYER_NORM),
                        median(large.composed(), Norm.RMS_NORM),
                        fused.median()));
    }

    private Claim fusedAgainstComposed() {
        double layerNorm = median(large.composed(), Norm.LAYER_NORM) / median(large.fused(), Norm.LAYER_NORM);
        double rmsNorm = median(large.composed(), Norm.RMS_NORM) / median(large.fused(), Norm.RMS_NORM);
        return new Claim(
                "To fuse a norm saves more than to replace it: fused LayerNorm is faster than composed RMSNorm",
                median(large.fused(), Norm.LAYER_NORM) < median(large.composed(), Norm.RMS_NORM),
                format("fused is %.0f× as fast as composed for LayerNorm, %.0f× for RMSNorm", layerNorm, rmsNorm));
    }

    private Claim memory() {
        return new Claim(
                "All of this fits into 8 GB of memory",
                result.peakMemory() <= MEMORY_LIMIT,
                "largest resident memory of the process: " + Machine.gigabytes(result.peakMemory()));
    }

    private Claim sameLoss() {
        double difference = result.rmsNorm().finalLoss() - result.layerNorm().finalLoss();
        return new Claim(
                format(
                        "RMSNorm trains the sequence model as well: its final loss is at most %.2f above LayerNorm's",
                        LOSS_LIMIT),
                difference <= LOSS_LIMIT,
                format(
                        "mean loss of the last tenth of %d steps, in nats for each character: RMSNorm %.4f, LayerNorm %.4f;"
                                + " the data's own entropy is %.4f",
                        result.settings().model().steps(),
                        result.rmsNorm().finalLoss(),
                        result.layerNorm().finalLoss(),
                        Sums.entropy()));
    }

    private Claim normHelps() {
        double worst = Math.max(result.layerNorm().finalLoss(), result.rmsNorm().finalLoss());
        return new Claim(
                "Either norm trains better than none",
                worst < result.noNorm().finalLoss()
                        || Double.isNaN(result.noNorm().finalLoss()),
                format(
                        "final loss without a norm %.4f, with the worse of both %.4f",
                        result.noNorm().finalLoss(), worst));
    }

    private long tokens() {
        return (long) result.settings().batch() * result.settings().length();
    }

    private static double median(Times times, Norm norm) {
        return times.quartiles(norm).median();
    }

    private static String format(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
