package io.github.dl4jnorms.weight;

import java.util.Objects;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A fully connected layer, {@code y = activation(W x + b)}, whose weight {@code [out, in]}, PyTorch's layout, may be
 * parametrized.
 *
 * <p>Input and output: feed-forward {@code [N, C]}, or recurrent {@code [N, C, T]} or {@code [N, T, C]}, to each time step of
 * which the layer is applied. Convolutional input is flattened. Defaults: bias, He's normal initialization, no activation, no
 * parametrization.
 */
public class Dense extends ParametrizedLayer {

    private boolean channelsLast;

    /** For JSON. */
    public Dense() {}

    private Dense(Builder builder) {
        super(builder);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (getNIn() > 0 && !override) {
            return;
        }
        if (inputType instanceof InputType.InputTypeRecurrent rnn) {
            setNIn(rnn.getSize());
            channelsLast = rnn.getFormat() == RNNFormat.NWC;
        } else if (inputType instanceof InputType.InputTypeFeedForward ff) {
            setNIn(ff.getSize());
        } else if (inputType instanceof InputType.InputTypeConvolutionalFlat flat) {
            setNIn(flat.getFlattenedSize());
        } else {
            throw unsupported(inputType);
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent rnn) {
            return InputType.recurrent(getNOut(), rnn.getTimeSeriesLength(), rnn.getFormat());
        }
        if (inputType instanceof InputType.InputTypeFeedForward
                || inputType instanceof InputType.InputTypeConvolutionalFlat) {
            return InputType.feedForward(getNOut());
        }
        throw unsupported(inputType);
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        if (inputType instanceof InputType.InputTypeConvolutional cnn) {
            return new CnnToFeedForwardPreProcessor(
                    cnn.getHeight(), cnn.getWidth(), cnn.getChannels(), cnn.getFormat());
        }
        if (inputType instanceof InputType.InputTypeConvolutional3D cnn) {
            return new Cnn3DToFeedForwardPreProcessor(
                    cnn.getDepth(),
                    cnn.getHeight(),
                    cnn.getWidth(),
                    cnn.getChannels(),
                    cnn.getDataFormat() == Convolution3D.DataFormat.NCDHW);
        }
        return null;
    }

    private IllegalArgumentException unsupported(InputType inputType) {
        return new IllegalArgumentException("inputType: Dense takes feed-forward and recurrent input, received "
                + inputType + " (layer " + getLayerName() + ")");
    }

    @Override
    protected long[] weightShape() {
        return new long[] {getNOut(), getNIn()};
    }

    @Override
    protected int channelDimension(int rank) {
        return channelsLast ? rank - 1 : 1;
    }

    @Override
    protected SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        boolean recurrent = x.getShape().length == 3;
        if (!recurrent) {
            return product(sd, x, weight, bias);
        }
        SDVariable steps = channelsLast ? x : sd.permute(x, 0, 2, 1);
        SDVariable y = product(sd, sd.reshape(steps, -1, getNIn()), weight, bias);
        SDVariable examplesAndSteps = sd.slice(sd.shape(steps), new int[] {0}, 2);
        SDVariable outputs =
                sd.reshape(y, sd.concat(0, examplesAndSteps, sd.constant(Nd4j.createFromArray(getNOut()))));
        return channelsLast ? outputs : sd.permute(outputs, 0, 2, 1);
    }

    private static SDVariable product(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias) {
        SDVariable y = sd.mmul(x, weight, false, true, false);
        return bias == null ? y : y.add(bias);
    }

    /** Whether the channels of recurrent input are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof Dense that && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), channelsLast);
    }

    /** Settings of a {@link Dense}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends ParametrizedLayer.Builder<Builder> {

        @Override
        public Dense build() {
            check();
            return new Dense(this);
        }
    }
}
