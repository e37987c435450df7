package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.layer.BatchNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Our BatchNorm, PyTorch's BatchNorm1d and DL4J's BatchNormalization over the same training steps and in evaluation.
 *
 * @param torch PyTorch's, in double precision
 * @param ours  in double precision
 * @param dl4j  in double precision
 * @param rows  the differences
 */
record Agreement(Trace torch, Trace ours, Trace dl4j, List<Row> rows) {
    /**
     * The largest absolute differences of a quantity.
     *
     * @param oursToTorch  our BatchNorm's in double precision
     * @param floatToTorch our BatchNorm's in float
     * @param oursToDl4j   with the biased running variance that DL4J has, in double precision; NaN where DL4J has no such thing
     * @param dl4jToTorch  DL4J's own distance from PyTorch; NaN likewise
     */
    record Row(String quantity, double oursToTorch, double floatToTorch, double oursToDl4j, double dl4jToTorch) {}

    static Agreement measure() {
        Trace torch = Trace.torch();
        Trace ours = ours(true, torch, DataType.DOUBLE);
        Trace floats = ours(true, torch, DataType.FLOAT);
        Trace biased = ours(false, torch, DataType.DOUBLE);
        Trace dl4j = Trace.of(
                new BatchNormalization.Builder()
                        .eps(1e-5)
                        .decay(0.9)
                        .useLogStd(false)
                        .build(),
                "var",
                torch,
                DataType.DOUBLE);
        List<Row> rows = new ArrayList<>();
        String[][] quantities = {
            {"y", "output y"},
            {"dx", "gradient of x"},
            {"dgamma", "gradient of γ"},
            {"dbeta", "gradient of β"},
            {"gamma", "γ after the step"},
            {"beta", "β after the step"},
            {"mean", "running mean after the step"},
            {"variance", "running variance after the step"}
        };
        for (String[] quantity : quantities) {
            String name = quantity[0];
            rows.add(new Row(
                    quantity[1],
                    ours.trainingDifference(torch, name),
                    floats.trainingDifference(torch, name),
                    biased.trainingDifference(dl4j, name),
                    dl4j.trainingDifference(torch, name)));
        }
        for (String[] quantity : List.of(quantities).subList(0, 4)) {
            String name = quantity[0];
            // DL4J's gradient takes the batch's statistics in evaluation too
            boolean output = name.equals("y");
            rows.add(new Row(
                    quantity[1] + " in evaluation",
                    ours.evaluationDifference(torch, name),
                    floats.evaluationDifference(torch, name),
                    output ? biased.evaluationDifference(dl4j, name) : Double.NaN,
                    output ? dl4j.evaluationDifference(torch, name) : Double.NaN));
        }
        return new Agreement(torch, ours, dl4j, rows);
    }

    private static Trace ours(boolean unbiased, Trace torch, DataType type) {
        return Trace.of(new BatchNorm.Builder().unbiased(unbiased).build(), "variance", torch, type);
    }

    double worstToTorch() {
        return worst(rows.stream().mapToDouble(Row::oursToTorch));
    }

    double worstFloatToTorch() {
        return worst(rows.stream().mapToDouble(Row::floatToTorch));
    }

    double worstToDl4j() {
        return worst(rows.stream().mapToDouble(Row::oursToDl4j));
    }

    private static double worst(DoubleStream differences) {
        return differences.filter(Double::isFinite).max().orElseThrow();
    }

    /**
     * What is in the running variances of the batches', DL4J's over PyTorch's, by channel. The start value 1, of which
     * 0.9^steps is left, is taken away.
     */
    double[] varianceRatios() {
        int last = torch.steps() - 1;
        double start = Math.pow(0.9, torch.steps());
        int channels = (int) torch.arrays().get("variance").size(1);
        double[] ratios = new double[channels];
        for (int c = 0; c < channels; c++) {
            ratios[c] = (dl4j.channel("variance", c)[last] - start) / (torch.channel("variance", c)[last] - start);
        }
        return ratios;
    }
}
