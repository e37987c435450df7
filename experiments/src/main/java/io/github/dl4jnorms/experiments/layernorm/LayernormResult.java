package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Machine;
import java.util.List;

/**
 * All that the experiment finds out.
 *
 * @param large      the large tensor
 * @param sweep      tensors of other sizes
 * @param curves     the trainings: LayerNorm, RMSNorm, no norm
 * @param peakMemory of the process, in bytes
 */
record LayernormResult(
        LayernormSettings settings,
        LargeTensor large,
        Sweep.Result sweep,
        List<SequenceTraining.Curve> curves,
        long peakMemory) {

    /** What a step of the training counts for in the progress bar. */
    private static final long STEP = 2;

    static long work(LayernormSettings settings) {
        return LargeTensor.work(settings)
                + Sweep.work(settings)
                + STEP * settings.model().steps();
    }

    static LayernormResult run(LayernormSettings settings, Progress progress) {
        LargeTensor large = LargeTensor.measure(settings, progress);
        Sweep.Result sweep = Sweep.run(settings, progress);
        List<SequenceTraining.Curve> curves = SequenceTraining.run(settings.model(), settings.seed(), progress, STEP);
        return new LayernormResult(settings, large, sweep, curves, Machine.peakResidentBytes());
    }

    SequenceTraining.Curve layerNorm() {
        return curves.get(0);
    }

    SequenceTraining.Curve rmsNorm() {
        return curves.get(1);
    }

    SequenceTraining.Curve noNorm() {
        return curves.get(2);
    }
}
