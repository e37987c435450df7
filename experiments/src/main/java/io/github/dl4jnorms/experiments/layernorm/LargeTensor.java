package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Quartiles;
import java.util.List;
import java.util.Locale;

/**
 * One large tensor: what the norms assure of it, and how long they take.
 *
 * @param layerNorm    the tokens after LayerNorm, γ 1 and β 0
 * @param rmsNorm      the tokens after RMSNorm, γ 1
 * @param fused        both norms, with γ and β
 * @param memcpy       milliseconds of each copy of the tensor by memcpy
 * @param rowCopy      of each copy row by row
 * @param composed     both norms composed of ND4J's operations
 */
record LargeTensor(
        TokenStatistics layerNorm,
        TokenStatistics rmsNorm,
        Times fused,
        double[] memcpy,
        double[] rowCopy,
        Times composed) {
    private static final int WARM_UP = 5;

    static long work(LayernormSettings settings) {
        return settings.passes() + 4L * settings.composedPasses();
    }

    static LargeTensor measure(LayernormSettings settings, Progress progress) {
        Tensor tensor = Tensor.make(settings.batch(), settings.length(), settings.dim(), settings.seed());
        Norm.LAYER_NORM.fused(tensor.x(), null, null, tensor.out());
        TokenStatistics layerNorm = TokenStatistics.of(tensor.out());
        Norm.RMS_NORM.fused(tensor.x(), null, null, tensor.out());
        TokenStatistics rmsNorm = TokenStatistics.of(tensor.out());
        progress.line(String.format(
                Locale.ROOT,
                "all %,d tokens: |mean| < %.1e and |std − 1| < %.1e after LayerNorm, |RMS − 1| < %.1e after RMSNorm",
                settings.batch() * settings.length(),
                layerNorm.mean(),
                layerNorm.std(),
                rmsNorm.rms()));
        double[][] times = Stopwatch.time(
                WARM_UP,
                settings.passes(),
                List.of(
                        () -> tensor.fused(Norm.LAYER_NORM),
                        () -> tensor.fused(Norm.RMS_NORM),
                        () -> Copy.memcpy(tensor.x(), tensor.out()),
                        () -> Copy.rows(tensor.x(), tensor.out())));
        Times fused = new Times(times[0], times[1]);
        progress.step(settings.passes());
        progress.line(line("fused", fused));
        Times composed = tensor.timeComposed(1, settings.composedPasses());
        progress.step(4L * settings.composedPasses());
        progress.line(line("composed", composed));
        tensor.close();
        return new LargeTensor(layerNorm, rmsNorm, fused, times[2], times[3], composed);
    }

    private static String line(String form, Times times) {
        return String.format(
                Locale.ROOT,
                "%s: LayerNorm %.1f ms, RMSNorm %.1f ms, %.2f× as fast",
                form,
                times.quartiles(Norm.LAYER_NORM).median(),
                times.quartiles(Norm.RMS_NORM).median(),
                times.speedUp().median());
    }

    /** Milliseconds that reading and writing the tensor take, as the norms do it. */
    double traffic() {
        return Quartiles.of(rowCopy).median();
    }

    /** Milliseconds that a norm takes beyond those: what its arithmetic adds. */
    double arithmetic(Norm norm) {
        return fused.quartiles(norm).median() - traffic();
    }

    /** The part of a norm's time that reading and writing take. */
    double trafficShare(Norm norm) {
        return traffic() / fused.quartiles(norm).median();
    }
}
