package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.ChannelNormArgs;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The style loss of AdaIN style transfer, a vertex whose inputs are L layers' features {@code [N, C, H, W]} and then the same
 * layers' {@link StyleStatistics} of the style, {@code [N, 2 C]}: of each example
 *
 * <pre>Σ over layers of the mean over channels of (mean − mean of style)² + (std − std of style)²,    std = √(variance + 1e-5)</pre>
 *
 * {@code [N, 1]} (Huang and Belongie, <a href="https://arxiv.org/abs/1703.06868">2017</a>, equation 13, with the mean of
 * squares instead of the root of their sum, as in the authors' program).
 */
public class StyleLoss extends DefinedVertex {

    private int layers = 1;

    /** For JSON. */
    public StyleLoss() {}

    /**
     * @param layers how many layers' features and statistics are the inputs
     */
    public StyleLoss(int layers) {
        if (layers < 1) {
            throw new IllegalArgumentException("layers: takes a number greater than 0, received " + layers);
        }
        this.layers = layers;
    }

    @Override
    public int inputs() {
        return 2 * layers;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        for (int i = 0; i < layers; i++) {
            boolean fit = inputs[i] instanceof InputType.InputTypeConvolutional features
                    && inputs[layers + i] instanceof InputType.InputTypeFeedForward statistics
                    && statistics.getSize() == 2 * features.getChannels();
            if (!fit) {
                throw new IllegalArgumentException("inputs: StyleLoss takes features [N, C, H, W] and statistics"
                        + " [N, 2 C] of each layer, received " + inputs[i] + " and " + inputs[layers + i]);
            }
        }
        return InputType.feedForward(1);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable sum = null;
        for (int i = 0; i < layers; i++) {
            SDVariable difference = statistics(sd, inputs[i]).sub(inputs[layers + i]);
            // half of the elements are means, half are deviations: twice the mean of all is the sum of both means
            SDVariable loss = sd.math.square(difference).mean(true, 1).mul(2);
            sum = sum == null ? loss : sum.add(loss);
        }
        return sum;
    }

    private static SDVariable statistics(SameDiff sd, SDVariable x) {
        ChannelNormArgs args =
                ChannelNormArgs.of(ChannelNormArgs.INSTANCE, false, null, null, StyleTransfer.EPSILON, 1);
        SDNorms.Statistics statistics = SDNorms.statistics(sd, x, args);
        return sd.concat(
                1, statistics.mean(), sd.math.sqrt(statistics.variance().add(StyleTransfer.EPSILON)));
    }

    public int getLayers() {
        return layers;
    }

    public void setLayers(int layers) {
        this.layers = layers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StyleLoss that && super.equals(other) && layers == that.layers;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), layers);
    }
}
