package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex whose last input, the condition {@code [N, K]}, says by a linear projection what is done to each channel of the
 * first: an embedding of a class, a text or a time.
 *
 * <p>First input and output: feed-forward {@code [N, C]}, recurrent {@code [N, C, T]} or {@code [N, T, C]}, convolutional
 * {@code [N, C, H, W]} or {@code [N, H, W, C]}, 3-D convolutional likewise. C, K and the layout are taken from the input types.
 */
public abstract class ConditionalVertex extends DefinedVertex {

    private static final String WEIGHT = "W";
    private static final String BIAS = "b";

    private long size;
    private long conditionSize;
    private boolean channelsLast;
    private boolean zero = true;
    private Activation conditionActivation = Activation.IDENTITY;

    protected ConditionalVertex() {}

    protected ConditionalVertex(Builder<?> builder) {
        this.zero = builder.zero;
        this.conditionActivation = builder.conditionActivation;
    }

    /** What the inputs are called, in order. */
    abstract String[] inputNames();

    /** How many numbers per channel the condition gives. */
    abstract int numbersPerChannel();

    @Override
    public int inputs() {
        return inputNames().length;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        String[] names = inputNames();
        if (vertexInputs.length != names.length) {
            throw new IllegalArgumentException("inputs: " + getClass().getSimpleName() + " takes "
                    + Arrays.toString(names) + ", received " + Arrays.toString(vertexInputs));
        }
        InputType condition = vertexInputs[names.length - 1];
        if (!(condition instanceof InputType.InputTypeFeedForward ff)) {
            throw new IllegalArgumentException(
                    "condition: " + getClass().getSimpleName() + " takes feed-forward input, received " + condition);
        }
        Layout layout = Layout.of(getClass(), vertexInputs[0]);
        this.size = layout.channels();
        this.channelsLast = layout.channelsLast();
        this.conditionSize = ff.getSize();
        return vertexInputs[0];
    }

    @Override
    public void declare(Parameters parameters) {
        if (size < 1 || conditionSize < 1) {
            throw new IllegalArgumentException("size: " + getClass().getSimpleName()
                    + " takes the number of channels from the network's input types; set them with setInputTypes");
        }
        long outputs = numbersPerChannel() * size;
        parameters.weight(WEIGHT, weight -> initialize(weight, outputs), conditionSize, outputs);
        parameters.bias(BIAS, bias -> bias.assign(0), outputs);
    }

    private void initialize(INDArray weight, long outputs) {
        if (zero) {
            weight.assign(0);
        } else {
            new WeightInitXavier().init(conditionSize, outputs, weight.shape(), 'c', weight);
        }
    }

    /** Projects the condition: for each number per channel, a variable that goes with x. */
    SDVariable[] project(Scope scope, SDVariable x, SDVariable condition) {
        SameDiff sd = scope.sameDiff();
        SDVariable active = Activations.apply(sd, conditionActivation, condition);
        SDVariable all = sd.mmul(active, scope.parameter(WEIGHT)).add(scope.parameter(BIAS));
        int count = numbersPerChannel();
        SDVariable[] parts = count == 1 ? new SDVariable[] {all} : sd.split(all, count, 1);
        for (int i = 0; i < count; i++) {
            parts[i] = Broadcast.perExample(parts[i], x, size, channelsLast);
        }
        return parts;
    }

    /** Number of channels. */
    public long getSize() {
        return size;
    }

    public void setSize(long size) {
        this.size = size;
    }

    /** Number of features of the condition. */
    public long getConditionSize() {
        return conditionSize;
    }

    public void setConditionSize(long conditionSize) {
        this.conditionSize = conditionSize;
    }

    /** Whether the channels are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    public boolean isZero() {
        return zero;
    }

    public void setZero(boolean zero) {
        this.zero = zero;
    }

    public Activation getConditionActivation() {
        return conditionActivation;
    }

    public void setConditionActivation(Activation conditionActivation) {
        this.conditionActivation = conditionActivation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConditionalVertex that
                && super.equals(other)
                && size == that.size
                && conditionSize == that.conditionSize
                && channelsLast == that.channelsLast
                && zero == that.zero
                && conditionActivation == that.conditionActivation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), size, conditionSize, channelsLast, zero, conditionActivation);
    }

    /** Settings of a conditional vertex. */
    public abstract static class Builder<T extends Builder<T>> {

        private boolean zero = true;
        private Activation conditionActivation;

        Builder(Activation conditionActivation) {
            this.conditionActivation = conditionActivation;
        }

        /**
         * Whether the projection of the condition starts at 0, so that the condition at first says nothing; default true. If
         * not, its weights start by Xavier.
         */
        public T zero(boolean zero) {
            this.zero = zero;
            return self();
        }

        /** What is applied to the condition before its projection; default SWISH (SiLU), for ConditionalBatchNorm IDENTITY. */
        public T conditionActivation(Activation conditionActivation) {
            this.conditionActivation = Activations.require(conditionActivation);
            return self();
        }

        @SuppressWarnings("unchecked")
        final T self() {
            return (T) this;
        }
    }
}
