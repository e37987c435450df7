package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.attention.Sequence;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Appends a vector to a sequence as its last token, a vertex with the inputs x and vector: in-context conditioning.
 *
 * <p>x: recurrent {@code [N, D, T]} or {@code [N, T, D]}; vector: {@code [N, D]}; output: as x with T + 1 tokens.
 */
public class AppendToken extends DefinedVertex {

    private boolean channelsLast;

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        Sequence sequence = Sequence.of(getClass(), vertexInputs[0]);
        if (!(vertexInputs[1] instanceof InputType.InputTypeFeedForward ff) || ff.getSize() != sequence.size()) {
            throw new IllegalArgumentException("vector: takes feed-forward input of the tokens' size, "
                    + sequence.size() + ", received " + vertexInputs[1]);
        }
        this.channelsLast = sequence.channelsLast();
        InputType.InputTypeRecurrent rnn = (InputType.InputTypeRecurrent) vertexInputs[0];
        long length = rnn.getTimeSeriesLength();
        return InputType.recurrent(rnn.getSize(), length < 0 ? length : length + 1, rnn.getFormat());
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        int time = channelsLast ? 1 : 2;
        return sd.concat(time, inputs[0], sd.expandDims(inputs[1], time));
    }

    /** The new token is always there. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray[] maskArrays, MaskState currentMaskState, int minibatchSize) {
        INDArray mask = maskArrays == null ? null : maskArrays[0];
        INDArray longer = mask == null ? null : Nd4j.concat(1, mask, Nd4j.ones(mask.dataType(), mask.size(0), 1));
        return new Pair<>(longer, currentMaskState);
    }

    /** Whether a token's numbers are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AppendToken that && super.equals(other) && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), channelsLast);
    }
}
