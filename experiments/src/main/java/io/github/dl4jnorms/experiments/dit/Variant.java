package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import io.github.dl4jnorms.samediff.dit.DiT;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A transformer with one conditioning and one norm. */
record Variant(
        @JsonProperty("conditioning") Conditioning conditioning,
        @JsonProperty("norm") String norm) {
    static final double LEARNING_RATE = 1e-3;

    private static final int TEST_BATCHES = 4;

    /** The name that its result is kept by. */
    String key() {
        return conditioning.name().toLowerCase(Locale.ROOT) + "-" + norm;
    }

    /**
     * How its training went.
     *
     * @param losses        of each step, before it
     * @param testLoss      of held-out images, evaluated
     * @param batchTestLoss the same in training mode, which differs where a norm takes the batch's statistics then
     * @param gradients     of an untrained network whose last layer is not 0: the length of the gradient of each block's parameters
     * @param activations   of the untrained network: the root mean square of what goes into the first block and comes out of each
     */
    record Result(
            @JsonProperty("variant") Variant variant,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("losses") double[] losses,
            @JsonProperty("testLoss") double testLoss,
            @JsonProperty("batchTestLoss") double batchTestLoss,
            @JsonProperty("gradients") double[] gradients,
            @JsonProperty("activations") double[] activations) {

        /** The mean loss of the last fifth of the steps. */
        double finalLoss() {
            return DoubleStream.of(losses)
                    .skip(losses.length - Math.max(1, losses.length / 5))
                    .average()
                    .orElseThrow();
        }
    }

    Result train(ImageSet images, DitSettings settings, Runnable step) {
        FlowMatching flow = new FlowMatching(
                images.train(), images.noClass(), DitSettings.LABEL_DROPOUT, settings.comparedBatch(), settings.seed());
        ComputationGraph network = builder(images, settings).build().network();
        double[] losses = new double[settings.comparedSteps()];
        for (int i = 0; i < losses.length; i++) {
            network.fit(examples(flow.batch(i)));
            losses[i] = network.score();
            step.run();
        }
        FlowMatching test =
                new FlowMatching(images.test(), images.noClass(), 0, settings.comparedBatch(), settings.seed() + 1);
        double testLoss = 0;
        double batchTestLoss = 0;
        for (int i = 0; i < TEST_BATCHES; i++) {
            testLoss += network.score(examples(test.batch(i)), false) / TEST_BATCHES;
            batchTestLoss += network.score(examples(test.batch(i)), true) / TEST_BATCHES;
        }
        ComputationGraph fresh =
                builder(images, settings).zeroOutput(false).build().network();
        return new Result(
                this,
                network.params().length(),
                losses,
                testLoss,
                batchTestLoss,
                gradients(fresh, flow.batch(0), settings.compared().depth()),
                activations(fresh, flow.batch(0), settings.compared().depth()));
    }

    private DiT.Builder builder(ImageSet images, DitSettings settings) {
        return settings.compared()
                .builder(images, new Adam(LEARNING_RATE), settings.seed())
                .conditioning(conditioning)
                .norm(NormSpec.parse(norm));
    }

    /** Without conditioning the network takes the image alone. */
    private MultiDataSet examples(FlowMatching.Batch batch) {
        return conditioning == Conditioning.NONE ? new MultiDataSet(batch.noised(), batch.velocity()) : batch.dataSet();
    }

    private double[] gradients(ComputationGraph network, FlowMatching.Batch batch, int depth) {
        network.setInputs(examples(batch).getFeatures());
        network.setLabels(examples(batch).getLabels());
        network.computeGradientAndScore();
        double[] squares = new double[depth];
        network.gradient().gradientForVariable().forEach((name, gradient) -> {
            for (int i = 0; i < depth; i++) {
                if (name.startsWith(DiT.block(i) + "_")) {
                    squares[i] += Math.pow(gradient.norm2Number().doubleValue(), 2);
                }
            }
        });
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    private double[] activations(ComputationGraph network, FlowMatching.Batch batch, int depth) {
        Map<String, INDArray> all = network.feedForward(examples(batch).getFeatures(), true);
        double[] sizes = new double[depth + 1];
        for (int i = 0; i <= depth; i++) {
            INDArray out = all.get(i == 0 ? "patches" : DiT.block(i - 1));
            sizes[i] = out.norm2Number().doubleValue() / Math.sqrt(out.length());
        }
        return sizes;
    }
}
