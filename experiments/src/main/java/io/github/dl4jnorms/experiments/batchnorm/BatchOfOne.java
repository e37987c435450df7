package io.github.dl4jnorms.experiments.batchnorm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A batch of one point in training mode.
 *
 * @param message  what our BatchNorm throws; null if it does not
 * @param examples some test points by way of DL4J's BatchNormalization, which has no such check
 * @param beta     of the first norm
 * @param answers  how many test points that network, with our network's weights, takes for each class, one at a time
 * @param agreement largest difference of both networks' answers in evaluation mode
 */
record BatchOfOne(String message, List<Example> examples, float[] beta, int[] answers, double agreement) {
    private static final int EXAMPLES = 3;

    /**
     * One point at the first norm.
     *
     * @param in  what goes in
     * @param out what comes out
     */
    record Example(float[] point, float[] in, float[] out) {}

    static BatchOfOne ask(MultiLayerNetwork network, BatchnormSettings settings, DataSet test) {
        MultiLayerNetwork unchecked = SpiralNetwork.withDl4jsNorm(network, settings);
        INDArray points = test.getFeatures();
        int[] answers = new int[BatchnormSettings.CLASSES];
        List<Example> examples = new ArrayList<>();
        int norm = SpiralNetwork.NORMS[0];
        for (int i = 0; i < points.size(0); i++) {
            INDArray one = points.get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all());
            List<INDArray> activations = unchecked.feedForward(one.dup(), true);
            answers[Companions.argMax(activations.get(activations.size() - 1).toFloatVector())]++;
            if (i < EXAMPLES) {
                examples.add(new Example(
                        one.dup().toFloatVector(),
                        activations.get(norm).dup().toFloatVector(),
                        activations.get(norm + 1).dup().toFloatVector()));
            }
        }
        return new BatchOfOne(
                message(network, points.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all())),
                examples,
                network.getParam(norm + "_beta").dup().toFloatVector(),
                answers,
                network.output(points)
                        .sub(unchecked.output(points))
                        .amaxNumber()
                        .doubleValue());
    }

    private static String message(MultiLayerNetwork network, INDArray one) {
        try {
            network.output(one, true);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether every example came out as β, to the last bit. */
    boolean outputsAreBeta() {
        return examples.stream().allMatch(example -> java.util.Arrays.equals(example.out(), beta));
    }

    /** Of how many classes there are answers. */
    long differentAnswers() {
        return IntStream.of(answers).filter(n -> n > 0).count();
    }
}
