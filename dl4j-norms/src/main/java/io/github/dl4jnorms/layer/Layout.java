package io.github.dl4jnorms.layer;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;

/**
 * How many channels an array has and where they are.
 *
 * @param channelsLast whether they are the last dimension instead of dimension 1
 */
record Layout(long channels, boolean channelsLast) {

    /** The layout of what DL4J says an input is; {@code taker} is the layer or vertex that takes it. */
    static Layout of(Class<?> taker, InputType type) {
        if (type instanceof InputType.InputTypeFeedForward ff) {
            return new Layout(ff.getSize(), false);
        }
        if (type instanceof InputType.InputTypeRecurrent rnn) {
            return new Layout(rnn.getSize(), rnn.getFormat() == RNNFormat.NWC);
        }
        if (type instanceof InputType.InputTypeConvolutional cnn) {
            return new Layout(cnn.getChannels(), cnn.getFormat() == CNN2DFormat.NHWC);
        }
        if (type instanceof InputType.InputTypeConvolutional3D cnn) {
            return new Layout(cnn.getChannels(), cnn.getDataFormat() == Convolution3D.DataFormat.NDHWC);
        }
        throw new IllegalArgumentException("inputType: " + taker.getSimpleName()
                + " takes feed-forward, recurrent, convolutional and 3-D convolutional input, received " + type);
    }

    /** The same for statistics within an example, which feed-forward input has not. */
    static Layout withPositions(Class<?> taker, InputType type) {
        if (type instanceof InputType.InputTypeFeedForward) {
            throw new IllegalArgumentException("inputType: " + taker.getSimpleName()
                    + " takes recurrent, convolutional and 3-D convolutional input, received " + type);
        }
        return of(taker, type);
    }
}
